#pragma once
// An image from a registry into the store. First the documents, each
// held against the digest that the one above it names; then the layers,
// several at once, each hashed, kept and unpacked while it arrives. The
// name comes last: until then the image is not there.

#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/10-registry/client/progress.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "chapters/10-registry/client/settings.hpp"

namespace dockwright {

/// Docker's number of layers that are fetched at once.
constexpr unsigned kLayersAtOnce = 3;

struct PullOptions {
  Platform platform{};
  unsigned at_once = kLayersAtOnce;
  Quiet quiet = Quiet::no;
};

/// What came of it.
struct Pulled {
  Descriptor image;  ///< What the registry has under the name.
  bool news = false;
};

/// Pulls one image from the registry of `session`. @throws Failure, and
/// nothing is named that is not whole
Pulled pull_image(Session& session, const Store& store,
                  const Reference& name, const PullOptions& options);

}  // namespace dockwright
