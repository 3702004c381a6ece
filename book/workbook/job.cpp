#include "book/workbook/job.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace dockwright::workbook {

namespace {

class Writer {
 public:
  void text(std::string_view value) {
    text_ += std::to_string(value.size()) + ":" + std::string{value} + ",";
  }
  void number(long value) { text(std::to_string(value)); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  std::string text() {
    const auto colon = rest_.find(':');
    std::size_t size = 0;
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + (colon == rest_.npos ? 0 : colon), size);
    if (colon == rest_.npos || parsed.ec != std::errc{} || colon + 1 + size >= rest_.size())
      throw std::runtime_error("the sandbox's report ends too early");
    std::string value{rest_.substr(colon + 1, size)};
    rest_.remove_prefix(colon + 1 + size + 1);
    return value;
  }

  long number() { return std::stol(text()); }

 private:
  std::string_view rest_;
};

template <typename Item>
std::string encode_all(const std::vector<Item>& items) {
  Writer writer;
  writer.number(static_cast<long>(items.size()));
  for (const auto& item : items) writer.text(encode(item));
  return writer.take();
}

template <typename Decode>
auto decode_all(const std::string& text, Decode decode) {
  Reader reader{text};
  std::vector<decltype(decode(text))> items;
  for (long left = reader.number(); left > 0; --left) items.push_back(decode(reader.text()));
  return items;
}

}  // namespace

std::string encode(const Job& job) {
  Writer writer;
  writer.number(static_cast<long>(job.steps.size()));
  for (const auto& step : job.steps) {
    writer.number(static_cast<long>(step.where));
    writer.text(step.text);
    writer.number(step.stays ? 1 : 0);
  }
  writer.number(static_cast<long>(job.environment.size()));
  for (const auto& [name, value] : job.environment) {
    writer.text(name);
    writer.text(value);
  }
  writer.text(job.rootfs);
  writer.number(job.terminal ? 1 : 0);
  writer.number(job.loopback ? 1 : 0);
  writer.number(job.seconds);
  return writer.take();
}

Job decode_job(const std::string& text) {
  Reader reader{text};
  Job job;
  for (long left = reader.number(); left > 0; --left) {
    Step step;
    step.where = static_cast<Step::Where>(reader.number());
    step.text = reader.text();
    step.stays = reader.number() != 0;
    job.steps.push_back(std::move(step));
  }
  for (long left = reader.number(); left > 0; --left) {
    auto name = reader.text();
    job.environment.emplace_back(std::move(name), reader.text());
  }
  job.rootfs = reader.text();
  job.terminal = reader.number() != 0;
  job.loopback = reader.number() != 0;
  job.seconds = static_cast<int>(reader.number());
  return job;
}

std::string encode(const JobReport& report) {
  Writer writer;
  writer.text(report.problem);
  writer.number(static_cast<long>(report.results.size()));
  for (const auto& result : report.results) {
    writer.text(result.output);
    writer.number(result.exit_code);
    writer.number(result.timed_out ? 1 : 0);
  }
  return writer.take();
}

JobReport decode_report(const std::string& text) {
  Reader reader{text};
  JobReport report;
  report.problem = reader.text();
  for (long left = reader.number(); left > 0; --left) {
    StepResult result;
    result.output = reader.text();
    result.exit_code = static_cast<int>(reader.number());
    result.timed_out = reader.number() != 0;
    report.results.push_back(std::move(result));
  }
  return report;
}

std::string encode(const std::vector<Job>& jobs) { return encode_all(jobs); }

std::string encode(const std::vector<JobReport>& reports) { return encode_all(reports); }

std::vector<Job> decode_jobs(const std::string& text) { return decode_all(text, decode_job); }

std::vector<JobReport> decode_reports(const std::string& text) { return decode_all(text, decode_report); }

}  // namespace dockwright::workbook
