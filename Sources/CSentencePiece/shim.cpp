#include "csentencepiece.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

// Exported by the library but declared in none of its installed headers.
namespace sentencepiece {
namespace logging {
void SetMinLogLevel(int level);
}
}  // namespace sentencepiece

struct csp_model {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

/// The level of messages to write to standard error: a status says the rest.
constexpr int only_fatal = 3;

/// A malloc'ed copy with a closing zero, or NULL when memory is out.
char *copied(const char *bytes, size_t count) {
  char *copy = static_cast<char *>(std::malloc(count + 1));
  if (copy == nullptr) return nullptr;
  if (count > 0) std::memcpy(copy, bytes, count);
  copy[count] = 0;
  return copy;
}

int stop(int code, const char *reason, char **message) {
  if (message != nullptr) *message = copied(reason, std::strlen(reason));
  return code;
}

/// Runs `body` so that nothing it throws gets past this file.
template <typename Body>
int guarded(char **message, Body body) {
  try {
    return body();
  } catch (const std::exception &error) {
    return stop(csp_failed, error.what(), message);
  } catch (...) {
    return stop(csp_failed, "an unknown C++ exception", message);
  }
}

int refused(const sentencepiece::util::Status &status, char **message) {
  const char *reason = status.error_message();
  return stop(csp_refused, reason != nullptr ? reason : "no reason given", message);
}

/// A list of symbols as the comma-separated field the trainer reads.
std::string comma_separated(const char *const *symbols, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    const std::string symbol = symbols[i];
    if (symbol.find_first_of(",\"") == std::string::npos) {
      text += symbol;
      continue;
    }
    text += '"';
    for (char c : symbol) {
      if (c == '"') text += '"';
      text += c;
    }
    text += '"';
  }
  return text;
}

/// Hands the caller's lines to the trainer.
class Lines : public sentencepiece::SentenceIterator {
 public:
  Lines(csp_next_line next, void *context) : next_(next), context_(context) { Next(); }
  bool done() const override { return done_; }
  void Next() override {
    const char *line = nullptr;
    size_t count = 0;
    done_ = !next_(context_, &line, &count);
    if (!done_) value_.assign(line, count);
  }
  const std::string &value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  csp_next_line next_;
  void *context_;
  std::string value_;
  bool done_ = false;
};

bool known(const csp_model *model, int32_t id) {
  return id >= 0 && id < model->processor.GetPieceSize();
}

}  // namespace

void csp_free(void *memory) { std::free(memory); }

int csp_load(const void *bytes, size_t count, csp_model **model, char **message) {
  *model = nullptr;
  csp_model *loaded = nullptr;
  int code = guarded(message, [&] {
    sentencepiece::logging::SetMinLogLevel(only_fatal);
    loaded = new csp_model;
    const auto status = loaded->processor.LoadFromSerializedProto(
        {static_cast<const char *>(bytes), count});
    return status.ok() ? int(csp_ok) : refused(status, message);
  });
  if (code == csp_ok) {
    *model = loaded;
  } else {
    csp_unload(loaded);
  }
  return code;
}

void csp_unload(csp_model *model) { delete model; }

int csp_encode(
    const csp_model *model, const char *text, size_t count, int32_t **ids, size_t *id_count,
    char **message) {
  *ids = nullptr;
  *id_count = 0;
  return guarded(message, [&] {
    std::vector<int> found;
    const auto status = model->processor.Encode({text, count}, &found);
    if (!status.ok()) return refused(status, message);
    int32_t *copy = static_cast<int32_t *>(std::malloc((found.size() + 1) * sizeof(int32_t)));
    if (copy == nullptr) throw std::bad_alloc();
    for (size_t i = 0; i < found.size(); ++i) copy[i] = found[i];
    *ids = copy;
    *id_count = found.size();
    return int(csp_ok);
  });
}

int32_t csp_vocabulary_size(const csp_model *model) { return model->processor.GetPieceSize(); }
int32_t csp_unknown_id(const csp_model *model) { return model->processor.unk_id(); }
int32_t csp_padding_id(const csp_model *model) { return model->processor.pad_id(); }
int32_t csp_end_id(const csp_model *model) { return model->processor.eos_id(); }

int32_t csp_id_of_piece(const csp_model *model, const char *piece, size_t count) {
  int32_t id = -1;
  guarded(nullptr, [&] {
    // The library answers an unknown piece with the unknown id: only the way back tells them apart.
    const std::string wanted(piece, count);
    const int found = model->processor.PieceToId(wanted);
    if (known(model, found) && model->processor.IdToPiece(found) == wanted) id = found;
    return int(csp_ok);
  });
  return id;
}

char *csp_piece_of_id(const csp_model *model, int32_t id, size_t *count) {
  *count = 0;
  if (!known(model, id)) return nullptr;
  char *copy = nullptr;
  guarded(nullptr, [&] {
    const std::string &piece = model->processor.IdToPiece(id);
    copy = copied(piece.data(), piece.size());
    if (copy != nullptr) *count = piece.size();
    return int(csp_ok);
  });
  return copy;
}

csp_kind csp_kind_of_id(const csp_model *model, int32_t id) {
  if (!known(model, id)) return csp_kind_unused;
  if (model->processor.IsUnknown(id)) return csp_kind_unknown;
  if (model->processor.IsControl(id)) return csp_kind_control;
  if (model->processor.IsUnused(id)) return csp_kind_unused;
  if (model->processor.IsByte(id)) return csp_kind_byte;
  return csp_kind_normal;
}

int csp_train(
    const csp_training *training, csp_next_line next, void *context, char **bytes, size_t *count,
    char **message) {
  *bytes = nullptr;
  *count = 0;
  return guarded(message, [&] {
    std::unordered_map<std::string, std::string> options = {
        {"model_type", "unigram"},
        {"vocab_size", std::to_string(training->vocabulary_size)},
        {"pad_id", "0"},
        {"eos_id", "1"},
        {"unk_id", "2"},
        {"bos_id", "-1"},
        {"byte_fallback", training->byte_fallback ? "true" : "false"},
        {"normalization_rule_name", training->normalization},
        {"character_coverage", std::to_string(training->character_coverage)},
        {"max_sentencepiece_length", std::to_string(training->maximum_piece_length)},
        {"hard_vocab_limit", training->exact_size ? "true" : "false"},
        // Sums of floats depend on how many threads share them, so their number is fixed.
        {"num_threads", "2"},
        {"max_sentence_length", "1048576"},
        {"minloglevel", std::to_string(only_fatal)},
    };
    if (training->symbol_count > 0) {
      options["user_defined_symbols"] =
          comma_separated(training->symbols, training->symbol_count);
    }
    Lines lines(next, context);
    std::string serialized;
    const auto status =
        sentencepiece::SentencePieceTrainer::Train(options, &lines, &serialized);
    if (!status.ok()) return refused(status, message);
    *bytes = copied(serialized.data(), serialized.size());
    if (*bytes == nullptr) throw std::bad_alloc();
    *count = serialized.size();
    return int(csp_ok);
  });
}
