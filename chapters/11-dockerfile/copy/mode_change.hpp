#pragma once
// `--chmod`: a mode in octal digits, or what is to change of one, as
// chmod(1) has it: `u=rwX,go-w`.

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

class ModeChange {
 public:
  /// @throws Failure for what is neither
  [[nodiscard]] static ModeChange parse(std::string_view text);
  /// The permissions (07777) that a file of these gets.
  [[nodiscard]] mode_t apply(mode_t mode, bool is_directory) const;
  bool operator==(const ModeChange&) const = default;

 private:
  /// `go-wX`: whom, what, and from whom it is copied.
  struct Clause {
    mode_t who = 0;  ///< Bits that may change.
    char operation = '=';
    mode_t bits = 0;
    bool execute_if_any = false;  ///< X
    mode_t copied = 0;            ///< u, g or o: rights of these.
    bool operator==(const Clause&) const = default;
  };
  static Clause parse_clause(std::string_view text,
                             std::string_view& rest);
  [[nodiscard]] static mode_t apply(const Clause& clause, mode_t mode,
                                    bool is_directory);

  std::optional<mode_t> octal_{};
  std::vector<Clause> clauses_{};
};

}  // namespace dockwright
