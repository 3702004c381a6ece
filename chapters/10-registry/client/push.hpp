#pragma once
// An image from the store to a registry: blobs first, then the
// documents from the lowest up, for a registry takes no manifest whose
// parts it does not have. What is sent is what is stored, byte for
// byte, so the image keeps its digest.

#include "chapters/09-images/store.hpp"
#include "chapters/10-registry/client/progress.hpp"
#include "chapters/10-registry/client/repository.hpp"

namespace dockwright {

struct PushOptions {
  Platform platform{};
  unsigned at_once = 5;  ///< As Docker.
  Quiet quiet = Quiet::no;
};

/// Pushes one image under its tag. Gives back what the tag now stands
/// for there. @throws Failure
Descriptor push_image(Session& session, const Store& store,
                      const Reference& name,
                      const PushOptions& options);

}  // namespace dockwright
