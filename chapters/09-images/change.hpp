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

/// `80`, `80/udp` or `8000-8002`, as an image notes it: each port with
/// its protocol. @throws Failure
void expose_port(RunConfig& config, const std::string& word);

/// A directory that is not absolute continues the one before.
void change_directory(RunConfig& config, const std::string& path);

}  // namespace dockwright
