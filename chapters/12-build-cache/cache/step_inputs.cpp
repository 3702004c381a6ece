#include "chapters/12-build-cache/cache/step_inputs.hpp"

#include <nlohmann/json.hpp>

#include "chapters/09-images/descriptor.hpp"

namespace dockwright {

void StepInputs::add(std::string name, std::string_view value) {
  add(std::move(name), Digest::of(value));
}

void StepInputs::add(std::string name, const Digest& value) {
  all_.push_back({std::move(name), value});
}

//! [key]
Digest StepInputs::key() const {
  // JSON says where a name ends: two lists never read the same.
  return Digest::of(write_json(to_json()));
}
//! [key]

nlohmann::ordered_json StepInputs::to_json() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const StepInput& input : all_)
    list.push_back(
        nlohmann::ordered_json::array({input.name, input.value.str()}));
  return list;
}

StepInputs StepInputs::from_json(const JsonNode& node) {
  StepInputs inputs;
  for (const JsonNode& pair : node.items()) {
    const std::vector<JsonNode> parts = pair.items();
    if (parts.size() != 2) pair.fail("a name and a digest belong here");
    inputs.all_.push_back(
        {parts[0].text(), digest_from_json(parts[1])});
  }
  return inputs;
}

Digest chain_id(const std::vector<Digest>& diff_ids) {
  if (diff_ids.empty()) return Digest::of("");
  Digest chain = diff_ids.front();
  for (std::size_t i = 1; i < diff_ids.size(); ++i)
    chain = Digest::of(chain.str() + " " + diff_ids[i].str());
  return chain;
}

}  // namespace dockwright
