// What a command prints for people, with nothing hidden in it.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace districtd {

// A stream before another one, such as std::cout: what goes through has its hidden controls shown,
// by lines (base/text.h, printable()), whoever wrote the text that is printed. JSON and TOML stay
// what they are, as the escapes mean the same there. Not for what a command itself means a terminal
// to act on: colours, a line that is written over.
//
// Thread: one.
class PrintableStream : public std::ostream {
 public:
  explicit PrintableStream(std::ostream& to);  // which outlives it
  ~PrintableStream() override;                 // writes what is left
  PrintableStream(const PrintableStream&) = delete;
  PrintableStream& operator=(const PrintableStream&) = delete;

 private:
  class Lines : public std::streambuf {
   public:
    explicit Lines(std::ostream& to) : to_(to) {}
    void finish();  // writes a character that was cut off, too

   protected:
    int_type overflow(int_type byte) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

   private:
    void put(char byte);

    std::ostream& to_;
    std::string line_;  // not written yet
  };
  Lines lines_;
};

}  // namespace districtd
