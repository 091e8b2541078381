// A plain C face on libsentencepiece. No C++ exception crosses it: every function that can fail
// returns a code and, where it takes `message`, leaves a malloc'ed text there for `csp_free`.
#ifndef CSENTENCEPIECE_H
#define CSENTENCEPIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A loaded vocabulary. It never changes after loading, so threads may share it.
typedef struct csp_model csp_model;

/// What a call came to.
enum {
  csp_ok = 0,
  /// The library refused; `message` says why.
  csp_refused = 1,
  /// Memory ran out or an unexpected C++ exception was caught.
  csp_failed = 2,
};

/// What role a piece has in its vocabulary.
typedef enum {
  csp_kind_normal = 0,
  csp_kind_unknown = 1,
  csp_kind_control = 2,
  csp_kind_unused = 3,
  csp_kind_byte = 4,
} csp_kind;

/// Releases what a function of this header allocated; NULL is fine.
void csp_free(void *memory);

/// Loads a vocabulary from the bytes of a `.model` file.
int csp_load(const void *bytes, size_t count, csp_model **model, char **message);
void csp_unload(csp_model *model);

/// Encodes UTF-8 text, adding no special piece. `*ids` is released with `csp_free`.
int csp_encode(
    const csp_model *model, const char *text, size_t count, int32_t **ids, size_t *id_count,
    char **message);

int32_t csp_vocabulary_size(const csp_model *model);
/// The ids of the unknown, padding and end pieces, -1 where the vocabulary has none.
int32_t csp_unknown_id(const csp_model *model);
int32_t csp_padding_id(const csp_model *model);
int32_t csp_end_id(const csp_model *model);

/// The id of a piece, or -1 where the vocabulary has no such piece.
int32_t csp_id_of_piece(const csp_model *model, const char *piece, size_t count);
/// The piece of an id, released with `csp_free`; NULL for an id outside the vocabulary.
char *csp_piece_of_id(const csp_model *model, int32_t id, size_t *count);
/// The role of an id inside the vocabulary.
csp_kind csp_kind_of_id(const csp_model *model, int32_t id);

/// How a unigram vocabulary is trained. Ids are T5's: padding 0, end 1, unknown 2.
typedef struct {
  int32_t vocabulary_size;
  /// Pieces that stand for themselves, given the ids from 3 on in this order.
  const char *const *symbols;
  size_t symbol_count;
  bool byte_fallback;
  /// `identity`, `nfkc`, `nmt_nfkc`, `nfkc_cf` or `nmt_nfkc_cf`.
  const char *normalization;
  double character_coverage;
  int32_t maximum_piece_length;
  /// Whether fewer pieces than asked for are an error.
  bool exact_size;
} csp_training;

/// Gives the next line: true and its bytes (valid until the next call), or false at the end.
typedef bool (*csp_next_line)(void *context, const char **line, size_t *count);

/// Trains a vocabulary from lines of UTF-8 text. The same lines give the same bytes.
int csp_train(
    const csp_training *training, csp_next_line next, void *context, char **bytes, size_t *count,
    char **message);

#ifdef __cplusplus
}
#endif
#endif
