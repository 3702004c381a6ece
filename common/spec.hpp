#pragma once
// What to run, as one plain struct from stage 1 to 16. A field stands under the chapter that first honours
// it; a stage that is handed an option of a later chapter refuses it and says where it arrives.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dockwright {

/// Which network the container sees.
enum class NetworkMode {
  host,  ///< The host's own (until chapter 14 there is no other that works).
  none,  ///< A network namespace of its own with nothing in it.
};

/// One file system that is to appear in the container.
struct MountSpec {
  enum class Type { bind, tmpfs };
  Type type = Type::bind;
  std::string source{};   ///< bind: a path on the host.
  std::string target{};   ///< An absolute path inside the container.
  std::string options{};  ///< tmpfs: `size=64m,mode=1777`, as mount(8) spells them.
  bool read_only = false;
  bool operator==(const MountSpec&) const = default;
};

/// How fast one block device may be read or written.
struct DeviceRate {
  enum class Kind { read_bytes, write_bytes, read_operations, write_operations };
  Kind kind = Kind::read_bytes;
  std::string device{};          ///< A path on the host, such as /dev/vda.
  std::uint64_t per_second = 0;  ///< Bytes or operations.
  bool operator==(const DeviceRate&) const = default;
};

/// What a container may use. A limit that was not asked for is absent, not zero.
struct Limits {
  std::optional<std::uint64_t> memory_bytes{};
  std::optional<std::int64_t> memory_and_swap_bytes{};  ///< Both together, as Docker counts; -1: no limit.
  std::optional<std::uint64_t> memory_reservation_bytes{};
  std::optional<std::int64_t> cpu_quota_us{};  ///< In each period; 100,000 of 100,000 is one processor.
  std::optional<std::uint64_t> cpu_period_us{};
  std::optional<std::uint64_t>
      cpu_shares{};                    ///< Weight beside others, 2 to 262144; 1024 is the ordinary one.
  std::string cpuset_cpus{};           ///< `0-2,5`; empty: all.
  std::string cpuset_mems{};           ///< Memory nodes, likewise.
  std::optional<std::int64_t> pids{};  ///< Processes and threads; -1: no limit.
  std::optional<std::uint64_t> blkio_weight{};  ///< 10 to 1000.
  std::vector<DeviceRate> device_rates{};
  bool operator==(const Limits&) const = default;
};

/// Whose view of the tree of control groups the container has.
enum class CgroupView {
  own,   ///< A cgroup namespace: its own group is the top.
  host,  ///< The host's.
};

/// Whose user numbers the container has.
enum class UserNumbers {
  host,     ///< The host's: root inside is root outside.
  own,      ///< A user namespace: root inside is somebody else outside.
  keep_id,  ///< As `own`, and the caller has the same number inside.
};

/// `count` user or group numbers, from `inside` on in the container and from `outside` on here.
struct IdRange {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 1;
  bool operator==(const IdRange&) const = default;
};

/// A device of the host that the container is given.
struct DeviceSpec {
  std::string source{};        ///< A path on the host, such as /dev/fuse.
  std::string target{};        ///< An absolute path inside.
  std::string access = "rwm";  ///< Read, write, mknod.
  bool operator==(const DeviceSpec&) const = default;
};

/// A limit of one process, as setrlimit(2) has it.
struct ResourceLimit {
  int resource = 0;  ///< RLIMIT_…
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
  bool operator==(const ResourceLimit&) const = default;
};

/// What to run and in which surroundings.
struct Spec {
  // Chapter 1: a process
  std::vector<std::string> command{};      ///< The program and its arguments.
  std::vector<std::string> environment{};  ///< What `-e` asked for: `NAME=value`, beside the clean default.
  std::string workdir{};  ///< Absolute in a root file system; empty means `/` (stage 1: where we are).

  // Chapter 2: a root
  std::string rootfs{};  ///< The directory that becomes `/`; empty in stage 1 only.

  // Chapter 3: namespaces
  std::string hostname = "box";
  bool init = true;  ///< Run our small init as process 1, rather than the command itself.
  NetworkMode network = NetworkMode::host;

  // Chapter 4: mounts
  std::vector<MountSpec> mounts{};
  bool read_only = false;    ///< Mount the root file system read-only.
  bool tty = false;          ///< Give the container a terminal of its own (`-t`).
  bool interactive = false;  ///< Keep standard input open (`-i`); otherwise it is /dev/null, as with Docker.

  // Chapter 5: cgroups
  Limits limits{};
  std::string cgroup_parent{};  ///< Below which group of the host the container's is made; empty: at the top.
  CgroupView cgroup_view = CgroupView::own;

  // Chapter 6: users
  std::string user{};  ///< `NAME|UID[:GROUP]`, looked up in the root file system; empty: root.
  std::vector<std::string> more_groups{};  ///< `--group-add`: names or numbers.
  UserNumbers user_numbers = UserNumbers::host;
  std::vector<IdRange> uid_map{};  ///< `--uidmap`; empty: chosen for us.
  std::vector<IdRange> gid_map{};

  // Chapter 7: privileges
  std::vector<std::string> cap_add{};  ///< As given: `NET_ADMIN`, `CAP_NET_ADMIN`, `ALL`.
  std::vector<std::string> cap_drop{};
  bool privileged = false;
  std::string seccomp{};  ///< A profile's file, or `unconfined`; empty: the default profile.
  bool no_new_privileges = true;
  bool mask_paths = true;  ///< `--security-opt systempaths=unconfined` clears it.
  std::vector<DeviceSpec> devices{};
  std::vector<ResourceLimit> resource_limits{};
  std::vector<std::pair<std::string, std::string>> sysctls{};  ///< `net.ipv4.ip_forward` and its value.
  std::optional<int> oom_score_adj{};

  // Chapter 8: layers
  std::vector<std::string> layers{};  ///< `--layer`: directories over `rootfs`, the lowest first.
  bool overlay = false;  ///< `--rootfs DIR:O`: leave the layers as they are, and keep changes apart.
  std::string upper{};   ///< `--upper`: where the changes go, to stay; empty: they vanish with the container.

  // Chapter 9: images
  std::string image{};                        ///< A name or an ID, instead of `rootfs`.
  std::optional<std::string> entrypoint{};    ///< `--entrypoint`; an empty one clears the image's.
  std::string platform{};                     ///< `os/architecture[/variant]`; empty: this machine's.
  std::vector<std::string> archive_limits{};  ///< `--archive-limit NAME=VALUE`, for its layers.
  bool remove = false;                        ///< `--rm`; until chapter 13 nothing stays in any case.

  // Chapter 10: a registry
  std::string pull{};  ///< `missing` (also when empty), `always` or `never`.

  // Chapter 11: a Dockerfile
  bool build_step = false;  ///< What it writes to `upper` is packed at once: no disk is waited for.

  bool operator==(const Spec&) const = default;
};

}  // namespace dockwright
