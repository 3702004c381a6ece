#include "chapters/12-build-cache/finish.hpp"

#include <algorithm>
#include <cstdlib>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/made_image.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/made.hpp"
#include "chapters/11-dockerfile/report.hpp"
#include "chapters/12-build-cache/cache/retire.hpp"
#include "chapters/12-build-cache/outputs/write_output.hpp"
#include "chapters/12-build-cache/squash.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// How much may stay in the cache that no image has, unless
/// $DOCKWRIGHT_BUILD_CACHE says otherwise.
constexpr std::uint64_t kLimit = 20ULL << 30;

std::uint64_t cache_limit() {
  const char* const said = std::getenv("DOCKWRIGHT_BUILD_CACHE");
  return said == nullptr || *said == '\0'
             ? kLimit
             : parse_size("DOCKWRIGHT_BUILD_CACHE", said);
}

std::vector<CacheRecord> all_of(const StageWorkers::Records& records) {
  std::vector<CacheRecord> all;
  for (const auto& [stage, some] : records)
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

void export_caches(const BuildWork& work, const Wishes& wishes,
                   const StageWorkers::Records& records,
                   std::size_t target) {
  for (const CachePlace& place : wishes.cache_to) {
    const auto last = records.find(target);
    export_cache(work.room.store,
                 place.all_stages        ? all_of(records)
                 : last != records.end() ? last->second
                                         : std::vector<CacheRecord>{},
                 place.directory);
  }
}

/// The image as it leaves: in the store it has no name, and goes with
/// the next prune.
MadeImage image_to_write(const BuildWork& work, ImageState state) {
  for (const auto& [name, value] : work.spec.labels)
    state.config.config.labels[name] = value;
  const Descriptor manifest = store_image(work.room.store, state.config,
                                          std::move(state.layers));
  files::sync_file_system(work.room.store.root(), "the layers");
  MadeImage image{.manifest = manifest,
                  .id = Digest::of(state.config.to_json()),
                  .names = names_of(work.spec)};
  write_files(work.spec, image);
  return image;
}

void warn_of_unused_arguments(const BuildWork& work) {
  std::set<std::string> declared;
  for (const StageText& stage : work.texts.stages)
    add_declared(stage.steps, declared);
  warn_of_unused(work.arguments.unused(declared));
}

}  // namespace

Left finish(const BuildWork& work, const Wishes& wishes,
            BuildEvents& events, const StageWorkers& workers,
            ImageState state, std::size_t target) {
  const Store& store = work.room.store;
  StepId step = workers.last_step() + 1;
  if (work.spec.squash)
    state = squashed(work.room, std::move(state), events, step++);
  const MadeImage image =
      keeps_image(wishes.outputs)
          ? export_image(store, work.spec, std::move(state), events,
                         step++)
          : image_to_write(work, std::move(state));
  // Beyond this point the disk has all that the records name.
  if (image.is_new) work.cache.seal(all_of(workers.records()));
  step = write_build_outputs(
      store, wishes.outputs,
      {.descriptor = image.manifest, .names = image.names}, events,
      step);
  export_caches(work, wishes, workers.records(), target);
  warn_of_unused_arguments(work);
  if (work.spec.quiet) print(image.id.str() + '\n');
  if (!keeps_image(wishes.outputs)) return Left::leftovers;
  return image.is_new ? Left::more : Left::nothing;
}

void clear_up(Store& store, Left left) {
  if (left == Left::nothing) return;
  bool any = left == Left::leftovers;
  const BuildCache cache{store};
  for (const CacheEntry& entry :
       choose_to_retire(cache.entries(), {.keep_bytes = cache_limit()},
                        layers_of_images(store))) {
    cache.forget(entry.name);
    any = true;
  }
  if (any) collect(store, Prune::none, Store::Wait::no);
}

int print_plan(const BuildWork& work, const PlanEvents& plan,
               std::size_t target) {
  const std::vector<std::size_t> needed = work.graph.needed_for(target);
  std::vector<std::string> unneeded;
  for (std::size_t i = 0; i < work.texts.stages.size(); ++i)
    if (std::find(needed.begin(), needed.end(), i) == needed.end()) {
      const std::string& name = work.texts.stages[i].name;
      unneeded.push_back(name.empty() ? fmt::format("stage-{}", i)
                                      : name);
    }
  print(work.spec.print != "plan" ? plan_json(plan.steps(), unneeded)
                                  : plan_text(plan.steps(), unneeded));
  return 0;
}

}  // namespace dockwright
