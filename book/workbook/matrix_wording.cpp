#include "book/workbook/matrix_wording.hpp"

namespace dockwright::workbook::matrix {

namespace {

constexpr Wording kIsolation = {
    .command = "matrix",
    .title = "The isolation matrix",
    .corner = "isolation",
    .row = "probe",
    .rows = "probes",
    .program = "probe",
    .green = "green",
    .red = "red",
    .legend = "green: the sentence on the left holds. red: it does not; 'ch' is the chapter that mends it.",
    .intro =
        "What a program can see and do inside each stage, as measured. "
        "<span class=\"green\">green</span>: the sentence on the left holds.\n"
        "<span class=\"red\">red</span>: it does not; the chapter that mends it is named.",
    .file = "tests/probes/matrix.yaml",
};

constexpr Wording kAttacks = {
    .command = "attacks",
    .title = "The attack table",
    .corner = "attack",
    .row = "attack",
    .rows = "attacks",
    .program = "attack",
    .green = "stopped",
    .red = "works",
    .legend =
        "works: the attack got what it wanted. stopped: it did not; 'ch' is the chapter that stops it. "
        "-: there is nothing to attack yet.",
    .intro =
        "What an intruder gets inside each stage: every attack was tried for real. "
        "<span class=\"green\">stopped</span>: it got nothing.\n"
        "<span class=\"red\">works</span>: it got what it wanted; the chapter that stops it is named. "
        "A dash: there is nothing to attack yet.",
    .file = "tests/attacks/attacks.yaml",
};

}  // namespace

const Wording& isolation_wording() noexcept { return kIsolation; }

const Wording& attack_wording() noexcept { return kAttacks; }

std::filesystem::path declaration_path(const std::filesystem::path& root, const Wording& wording) {
  return root / wording.file;
}

}  // namespace dockwright::workbook::matrix
