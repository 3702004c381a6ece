#pragma once

#include <vector>

#include "book/workbook/doctor.hpp"

namespace dockwright::workbook {

/// What `workbook lab` can use beside QEMU: it does without each of them, and is slower or sees less then.
std::vector<Finding> examine_laboratory(const Machine& machine);

}  // namespace dockwright::workbook
