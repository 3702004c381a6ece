#pragma once
// `--change 'CMD ["serve"]'`: a line of a Dockerfile that says how an
// image is run, and changes no file. (Chapter 11 reads whole
// Dockerfiles, and does with these lines what is done here.)

#include <string>

#include "chapters/09-images/image_config.hpp"

namespace dockwright {

/// Applies CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME
/// or WORKDIR to `config`. @throws Failure that quotes the line
void apply_change(RunConfig& config, const std::string& line);

}  // namespace dockwright
