#include "chapters/10-registry/client/layers.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <thread>

#include "chapters/09-images/unpacked.hpp"
#include "chapters/10-registry/client/byte_queue.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "chapters/10-registry/client/work.hpp"

namespace dockwright {

namespace {

/// Passes bytes on, and tells how many there were.
class Counting : public BlobSink {
 public:
  Counting(BlobSink& to, Progress& progress, std::size_t line,
           std::uint64_t total)
      : to_{to}, progress_{progress}, line_{line}, total_{total} {}
  void write(std::string_view bytes) override {
    to_.write(bytes);
    done_ += bytes.size();
    progress_.move(line_, "Downloading", done_, total_);
  }

 private:
  BlobSink& to_;
  Progress& progress_;
  std::size_t line_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
};

/// Keeps a blob as it is.
class Keeping : public BlobSink {
 public:
  explicit Keeping(BlobWriter& blob) : blob_{blob} {}
  void write(std::string_view bytes) override { blob_.write(bytes); }

 private:
  BlobWriter& blob_;
};

std::string seconds_of(Milliseconds wait) {
  return fmt::format("{:.1f} s",
                     static_cast<double>(wait.count()) / 1000);
}

/// One thread's share: layers one after the other, over one connection.
class LayerWorker {
 public:
  LayerWorker(Session& session, const Store& store,
              const std::string& repository, Progress& progress,
              std::stop_token stop)
      : connection_{session, std::move(stop),
                    [this](Milliseconds wait) {
                      progress_.pass(line_,
                                     "Retrying in " + seconds_of(wait));
                    }},
        repository_{connection_, repository, pull_scope(repository)},
        store_{store},
        progress_{progress} {}
  LayerWorker(LayerWorker&&) = delete;

  void fetch(const WantedLayer& layer, std::size_t line);

 private:
  void keep(const WantedLayer& layer);
  void receive(const WantedLayer& layer);
  void download(const WantedLayer& layer, BlobSink& into);
  void once_more(const WantedLayer& layer);

  std::size_t line_ = 0;
  Connection connection_;
  Repository repository_;
  const Store& store_;
  Progress& progress_;
};

void LayerWorker::fetch(const WantedLayer& layer, std::size_t line) {
  line_ = line;
  const bool unpacked =
      !layer.diff_id || find_unpacked(store_, *layer.diff_id);
  if (!store_.has(layer.blob)) {
    unpacked ? keep(layer) : receive(layer);
  } else if (!unpacked) {
    progress_.pass(line_, "Extracting");
    static_cast<void>(
        unpacked_layer(store_, layer.blob, *layer.diff_id));
  }
  progress_.set(line_, "Pull complete");
}

void LayerWorker::download(const WantedLayer& layer, BlobSink& into) {
  Counting counting{into, progress_, line_, layer.blob.size};
  repository_.fetch_blob(layer.blob, counting);
}

void LayerWorker::keep(const WantedLayer& layer) {
  BlobWriter blob = store_.new_blob(layer.blob);
  Keeping keeping{blob};
  download(layer, keeping);
  progress_.pass(line_, "Verifying Checksum");
  static_cast<void>(blob.commit());
}

/// What could not be unpacked may not be what was asked for: its digest
/// would have told at its end, had we come so far. So it is fetched
/// again, checked first, and then unpacked; what goes wrong now is the
/// true reason.
void LayerWorker::once_more(const WantedLayer& layer) {
  progress_.pass(line_, "Fetching again");
  keep(layer);
  static_cast<void>(unpacked_layer(store_, layer.blob, *layer.diff_id));
}

/// Download and unpacking at once: a thread for the disk, this one for
/// the network.
void LayerWorker::receive(const WantedLayer& layer) {
  ByteQueue queue;
  std::exception_ptr unpacking_failed;
  std::exception_ptr download_failed;
  {
    const std::jthread unpacking{[&] {
      try {
        receive_layer(store_, std::make_unique<QueueSource>(queue),
                      layer.blob, *layer.diff_id);
      } catch (...) {
        unpacking_failed = std::current_exception();
        queue.abandon();
      }
    }};
    try {
      download(layer, queue);
      queue.close();
      progress_.pass(line_, "Extracting");
    } catch (const Stopped&) {  // by the other thread, or from outside
      queue.fail(std::current_exception());
    } catch (...) {
      download_failed = std::current_exception();
      queue.fail(download_failed);
    }
  }  // both have ended
  if (download_failed) std::rethrow_exception(download_failed);
  if (!unpacking_failed) return;
  try {
    std::rethrow_exception(unpacking_failed);
  } catch (const Failure&) {  // and not, say, a disk that is full
    once_more(layer);
  }
}

std::size_t add_line(Progress& progress, const Store& store,
                     const WantedLayer& layer) {
  const std::string id{layer.blob.digest.short_hex()};
  if (is_there(store, layer))
    return progress.add(id, "Already exists", Line::over);
  return progress.add(
      id, store.has(layer.blob) ? "Extracting" : "Pulling fs layer");
}

}  // namespace

bool is_there(const Store& store, const WantedLayer& layer) {
  return store.has(layer.blob) &&
         (!layer.diff_id || find_unpacked(store, *layer.diff_id));
}

void fetch_layers(Session& session, const Store& store,
                  const std::string& repository,
                  const std::vector<WantedLayer>& layers,
                  unsigned at_once, Progress& progress) {
  std::vector<std::size_t> lines;
  for (const WantedLayer& layer : layers)
    lines.push_back(add_line(progress, store, layer));
  Work{}.run(layers.size(), at_once, [&](std::stop_token stop) {
    auto worker = std::make_shared<LayerWorker>(
        session, store, repository, progress, std::move(stop));
    return [&, worker](std::size_t number) {
      if (!is_there(store, layers[number]))
        worker->fetch(layers[number], lines[number]);
    };
  });
}

}  // namespace dockwright
