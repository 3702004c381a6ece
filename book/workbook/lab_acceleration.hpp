#pragma once

#include <filesystem>
#include <string>

#include "book/workbook/lab_machine.hpp"

/// Whether KVM is worth a try. The device may exist and do nothing, or crawl, with never an error: then the
/// machine must prove itself within two seconds, and what came of it is remembered until this machine starts
/// again.
namespace dockwright::workbook {

/// What is remembered, as a line of a file: which boot of this machine it was found in, and what was found.
std::string remembered_text(const std::string& boot_id, Acceleration acceleration);

/// @param usable whether /dev/kvm can be opened @param remembered the file's content, or nothing
Acceleration choose_acceleration(bool usable, const std::string& boot_id, const std::string& remembered);

/// The same for this machine, by the file in `cache`.
Acceleration choose_acceleration(const std::filesystem::path& cache);
/// Keeps a finding; where the cache is another user's, the next one has to try again.
void remember_acceleration(const std::filesystem::path& cache, Acceleration acceleration);

}  // namespace dockwright::workbook
