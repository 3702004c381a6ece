#pragma once
// Chromium, driven through its DevTools protocol over a pair of pipes (`--remote-debugging-pipe`): JSON
// messages that end with a zero byte, written to its descriptor 3 and read from its descriptor 4. No driver,
// no port, no other program.

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::browser {

/// Where Chromium is, or an empty path.
std::filesystem::path find_chromium();

/// A browser with one page. Ends with its owner, its profile with it.
class Page {
 public:
  /// Starts the browser. @throws std::runtime_error
  explicit Page(const std::filesystem::path& chromium);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page();

  /// Gives the page a size, and the reader a preference for dark or light.
  void look(int width, int height, bool dark = false);

  /// Loads `url` and waits until it has been loaded.
  void open(const std::string& url);

  /// The value of a JavaScript expression as text; a promise is waited for. @throws std::runtime_error when
  /// it throws.
  std::string evaluate(const std::string& expression);

  /// Presses and releases a key, such as `/` or `ArrowDown`.
  void press(const std::string& key);

  /// Types text where the focus is.
  void type(const std::string& text);

  /// Clicks on the first element that matches a CSS selector; that the page is left by it is no error.
  void click(const std::string& selector);

  /// Waits until `expression` is true, over any change of page. Gives up, and returns false, after some
  /// seconds.
  bool until(const std::string& expression);

  /// Errors that the console showed since the last call, exceptions included.
  std::vector<std::string> take_errors();

  /// Writes a picture of the page, all of it.
  void screenshot(const std::filesystem::path& file);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dockwright::browser
