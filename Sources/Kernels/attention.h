// What the two implementations of attention share.
#ifndef DEPT_ATTENTION_H
#define DEPT_ATTENTION_H

#include <stdlib.h>

#include "kernels.h"
#include "masks.h"

struct attention_format;

typedef struct {
  const dept_attention_shape *shape;
  /// How our own code multiplies.
  const struct attention_format *format;
  /// Of the shape's element type.
  const void *q, *k, *v, *out, *dout;
  void *result, *dq, *dk, *dv;
  const float *log_sum;
  float *log_sum_result, *dbias;
} attention_operands;

/// The element `index` of rows of the shape's type.
static inline void *attention_at(
  const dept_attention_shape *s, const void *rows, ptrdiff_t index) {
  const ptrdiff_t size = s->element == DEPT_BFLOAT16 ? sizeof(uint16_t) : sizeof(float);
  return (char *)rows + index * size;
}

/// One head of one sequence: where its rows lie.
typedef struct {
  ptrdiff_t sequence, head, queries, keys;
  /// The first query's row in the batch.
  ptrdiff_t first;
  /// Offsets of the head's columns in its first query's and its first key's row.
  ptrdiff_t query_offset, key_offset;
  /// The position of the first query; keys start at position 0.
  ptrdiff_t position;
} attention_item;

static inline attention_item attention_item_at(
  const dept_attention_shape *s, ptrdiff_t sequence, ptrdiff_t head) {
  const ptrdiff_t stride = s->heads * s->head_width;
  const ptrdiff_t first = s->query_start[sequence];
  const ptrdiff_t queries = s->query_length[sequence], keys = s->key_length[sequence];
  return (attention_item){
    sequence, head, queries, keys, first, first * stride + head * s->head_width,
    (ptrdiff_t)s->key_start[sequence] * stride + head * s->head_width,
    s->ends_together ? keys - queries : s->query_position};
}

/// Zeros in one head's columns of `rows` rows: what a sequence without queries or keys gets.
static inline void attention_clear(
  const dept_attention_shape *s, ptrdiff_t rows, void *first) {
  const ptrdiff_t size = s->element == DEPT_BFLOAT16 ? sizeof(uint16_t) : sizeof(float);
  for (ptrdiff_t i = 0; i < rows; i++)
    memset(
      attention_at(s, first, i * s->heads * s->head_width), 0, (size_t)(s->head_width * size));
}

/// The place of the mask of the 32 queries that begin with a multiple of 32, `query`, for key 0; a
/// key's masks lie 32 places further on than those of the key before.
INLINE uint64_t attention_mask_row(
  const dept_attention_shape *s, const attention_item *item, ptrdiff_t query) {
  const uint64_t row = (uint64_t)(s->dropout_row + item->first + query);
  return (row * (uint64_t)s->heads + (uint64_t)item->head) << 24;
}

/// Memory of the calling thread, at least `count` floats, aligned to a cache line.
float *dept_attention_scratch(size_t count);

/// How our own code multiplies for the calling thread.
const struct attention_format *dept_attention_format(const dept_attention_shape *shape);
/// Heads by our own AVX-512 code; `dbias` may be null.
void dept_tiled_attention(const attention_operands *o, const attention_item *item);
void dept_tiled_attention_pull(
  const attention_operands *o, const attention_item *item, float *dbias);
/// Heads by the library's products and plain loops.
void dept_library_attention(const attention_operands *o, const attention_item *item);
void dept_library_attention_pull(
  const attention_operands *o, const attention_item *item, float *dbias);

#endif
