#pragma once
// Process 1 of a PID namespace is not like others. Orphans become its
// children, and stay zombies until it waits for them; a signal without
// a handler does not reach it; and when it ends, the kernel kills
// everybody else. A shell or a server does not expect that job. So a
// small init takes it:
//
//     stage -- signals --> init (pid 1) -- signals --> command (pid 2)
//       ^                   |  `-- waits for every orphan
//       `-- the exit code --'      of the command
//
// Docker's `--init` does the same with tini; there it must be asked
// for, here it is the default and `--no-init` is the experiment.

#include <functional>

#include "chapters/01-process/signals.hpp"

namespace dockwright {

/// Asks the kernel to kill this process when its parent ends, even by
/// `kill -9`; and as process 1 of a PID namespace it takes all others
/// along. `parent` is a descriptor of the parent: had it ended before
/// we asked, nobody would tell us.
/// @man{prctl,2} @throws SystemCallError, Failure
void die_with_parent(const UniqueFd& parent);

/// A descriptor of the calling process, for `die_with_parent` in its
/// child. @kernel{5.3} @man{pidfd_open,2}
[[nodiscard]] UniqueFd own_pidfd();

/// Runs `command` (which ends in exec) as a child, as its init: passes
/// signals on, reaps orphans, and gives the exit code of the command.
/// `signals` are those of the stage, held back since before the clone.
/// `let_go` is called when the command runs, for whatever an init does
/// not need any more.
int run_as_init(const Signals& signals,
                const std::function<void()>& command,
                const std::function<void()>& let_go = {});

}  // namespace dockwright
