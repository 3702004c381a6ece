#include "chapters/12-build-cache/stages/cached_steps.hpp"

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "chapters/08-layers/layered_root.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/11-dockerfile/copy/hash_cache.hpp"
#include "chapters/11-dockerfile/fresh_steps.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// Stands for a layer that a plan does not make.
constexpr const char* kUnmade = "unmade";

bool is_unmade(const ImageState& state) {
  for (const Descriptor& layer : state.layers)
    if (layer.media_type == kUnmade) return true;
  return false;
}

bool is_unmade(const FromSource& source) {
  const auto* const image = std::get_if<ImageState>(&source);
  return image != nullptr && is_unmade(*image);
}

/// All of COPY's words that decide what is made of the files.
std::string words_of(const CopyRequest& request,
                     const ImageState& state) {
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const InlineFile& file : request.inline_files)
    files.push_back({file.name, Digest::of(file.body).str()});
  return write_json({{"to", request.destination},
                     {"in", state.workdir()},
                     {"files", files},
                     {"parents", request.parents},
                     {"link", request.link},
                     {"unpack", request.unpack}});
}

/// What a mode change does to any mode: `755` and `u=rwx,go=rx` do the
/// same.
std::string effect_of(const ModeChange& change) {
  std::string effect;
  for (mode_t mode = 0; mode <= 07777; ++mode)
    for (const bool is_directory : {false, true})
      effect += fmt::format("{:o},", change.apply(mode, is_directory));
  return effect;
}

/// What is asked of a source: the same question, asked of the same
/// layers, has the same answer.
std::string question_of(const CopyRequest& request) {
  return write_json({{"sources", request.sources},
                     {"excludes", request.excludes},
                     {"parents", request.parents}});
}

/// In a child of its own: a root to look into needs mounts.
Digest digest_in_image(const BuildRoom& room, const ImageState& image,
                       const CopyRequest& request) {
  return Digest::parse(in_child(room.signals, [&] {
    become_root_of_user_namespace();
    take_own_mounts({.overlay = true});
    const UniqueFd root = root_to_read(room, image);
    return content_digest(
               select({.root = &root, .owners = Ownership::kept},
                      request),
               nullptr)
        .str();
  }));
}

Digest digest_in_context(const BuildRoom& room, const SeenContext& seen,
                         const CopyRequest& request) {
  if (!seen.context.lasts())
    return content_digest(select(seen.tree(), request), nullptr);
  HashCache hashes{room.store, seen.context.root()};
  const Digest digest =
      content_digest(select(seen.tree(), request), &hashes);
  hashes.save();
  return digest;
}

}  // namespace

/// A layer from the cache, or made now. None: nothing was to be done.
std::optional<BuiltLayer> CachedSteps::get(const StepName& name,
                                           const ImageState& state,
                                           const StepInputs& inputs,
                                           const Make& make) {
  if (is_unmade(state))
    return unmade(name, "a step before it is made anew");
  const bool plan = tools_.cache.options().plan;
  const CacheUse::Outcome outcome =
      tools_.cache.get(inputs, name.text, [&](CacheRecord& record) {
        record.layer =
            plan ? unmade(name, tools_.cache.why_missed(inputs))
                 : make();
      });
  if (outcome.found) tools_.events.cached(name.id);
  return outcome.record.layer;
}

std::optional<BuiltLayer> CachedSteps::unmade(const StepName& name,
                                              std::string_view why) {
  tools_.events.noted(name.id, why);
  const Digest digest = Digest::of(kUnmade);
  return BuiltLayer{.blob = {.media_type = kUnmade, .digest = digest},
                    .diff_id = digest};
}

//! [contents_of]
Digest CachedSteps::contents_of(const FromSource& source,
                                const CopyRequest& request) {
  if (const auto* const seen = std::get_if<const SeenContext*>(&source))
    return digest_in_context(tools_.room, **seen, request);
  const auto& image = std::get<ImageState>(source);
  StepInputs inputs;
  inputs.add("the instruction", "contents");
  inputs.add("the layers below", chain_id(image.config.diff_ids));
  inputs.add("the arguments", question_of(request));
  return *tools_.cache
              .get(inputs, "contents",
                   [&](CacheRecord& record) {
                     record.contents =
                         digest_in_image(tools_.room, image, request);
                   })
              .record.contents;
}
//! [contents_of]

std::optional<MountInput> CachedSteps::input_of(const RunMount& mount) {
  MountInput input{.target = mount.target,
                   .words = mount_inputs(mount)};
  const bool shows_files = mount.type == RunMount::Type::bind;
  if (!shows_files) return input;
  const FromSource source = tools_.sources.find(mount.from);
  if (is_unmade(source)) return std::nullopt;
  input.contents = contents_of(
      source, {.sources = {mount.source.empty() ? "." : mount.source}});
  return input;
}

/// A mount shows no more of a context than COPY sees of it.
UniqueFd CachedSteps::open_source(const std::string& from,
                                  const std::string& place) const {
  const FromSource source = tools_.sources.find(from);
  const auto* const seen = std::get_if<const SeenContext*>(&source);
  if (seen == nullptr)
    return root_to_read(tools_.room, std::get<ImageState>(source));
  if ((*seen)->ignored.empty())
    return UniqueFd{check_call(
        "fcntl",
        ::fcntl((*seen)->context.root().get(), F_DUPFD_CLOEXEC, 0),
        "open the context")};
  UniqueFd copy{check_call(
      "open", ::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {}", place)};
  copy_selection(
      select((*seen)->tree(), {.sources = {"."}, .destination = "/"}),
      copy, "/");
  return copy;
}

RunStep CachedSteps::with_mounts(
    const RunStep& step, const ImageState& state,
    const std::vector<RunMount>& mounts) const {
  RunStep mounted = step;
  if (mounts.empty()) return mounted;
  // Locks and relays live as long as the step's process.
  const auto ready = std::make_shared<StepMounts>();
  mounted.mount = [this, &state, &mounts, ready](
                      Spec& spec, const std::string& place) {
    *ready = prepare_mounts(
        mounts, state.workdir(), place,
        {.open =
             [this](const std::string& from, const std::string& at) {
               return open_source(from, at);
             },
         .secrets = &tools_.secrets,
         .agents = &tools_.agents,
         .store = tools_.room.store.path()});
    spec.mounts.insert(spec.mounts.end(), ready->mounts.begin(),
                       ready->mounts.end());
    spec.environment.insert(spec.environment.end(),
                            ready->environment.begin(),
                            ready->environment.end());
  };
  return mounted;
}

/// Nothing: one of them is not known yet.
std::optional<std::vector<MountInput>> CachedSteps::inputs_of(
    const std::vector<RunMount>& mounts) {
  std::vector<MountInput> inputs;
  for (const RunMount& mount : mounts) {
    auto input = input_of(mount);
    if (!input) return std::nullopt;
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

BuiltLayer CachedSteps::run(const StepName& name,
                            const ImageState& state,
                            const RunStep& step,
                            const RunFlags& flags) {
  if (step.privileged && !tools_.insecure)
    throw Failure{
        "security.insecure is not allowed: --allow security.insecure "
        "does"};
  RunStep complete = step;
  add_for_all(complete, tools_.spec);
  std::vector<RunMount> mounts;
  for (const std::string& mount : flags.mounts)
    mounts.push_back(parse_run_mount(mount));
  const auto mount_inputs = inputs_of(mounts);
  if (!mount_inputs)
    return *unmade(name, "a stage that it mounts is made anew");
  const StepInputs inputs =
      inputs_of_run(tools_.room, state, complete, *mount_inputs);
  return *get(name, state, inputs, [&]() -> std::optional<BuiltLayer> {
    return run_step(tools_.room, state,
                    with_mounts(complete, state, mounts),
                    [&](std::string_view bytes) {
                      tools_.events.output(name.id, bytes);
                    });
  });
}

//! [copy]
BuiltLayer CachedSteps::copy(const StepName& name,
                             const ImageState& state,
                             const std::string& from,
                             CopyRequest request) {
  const FromSource source = tools_.sources.find(from);
  if (is_unmade(source))
    return *unmade(name, "the stage that it copies from is made anew");
  StepInputs inputs = begin_inputs(tools_.room, state, "COPY",
                                   words_of(request, state));
  inputs.add("--chown", request.owner);
  if (request.mode) inputs.add("--chmod", effect_of(*request.mode));
  inputs.add("the files", contents_of(source, request));
  return *get(name, state, inputs, [&]() -> std::optional<BuiltLayer> {
    return file_step(tools_.room, state, [&](const UniqueFd& root) {
      const auto* const seen = std::get_if<const SeenContext*>(&source);
      if (seen != nullptr)
        return copy_selection(select((*seen)->tree(), request), root,
                              state.workdir());
      const UniqueFd other =
          root_to_read(tools_.room, std::get<ImageState>(source));
      copy_selection(
          select({.root = &other, .owners = Ownership::kept}, request),
          root, state.workdir());
    });
  });
}
//! [copy]

std::optional<BuiltLayer> CachedSteps::workdir(
    const StepName& name, const ImageState& state) {
  StepInputs inputs =
      begin_inputs(tools_.room, state, "WORKDIR", state.workdir());
  inputs.add("USER", state.config.config.user);
  return get(name, state, inputs,
             [&] { return workdir_step(tools_.room, state); });
}

}  // namespace dockwright
