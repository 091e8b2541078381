// How the operands of attention's products lie in memory, and who copies and multiplies them.
#ifndef DEPT_ATTENTION_FORMATS_H
#define DEPT_ATTENTION_FORMATS_H

#include "attention.h"
#include "avx512.h"

/// Queries of a block: the lanes of a row of scores.
enum { lanes = 32 };

static inline ptrdiff_t rounded(ptrdiff_t count, ptrdiff_t unit) {
  return (count + unit - 1) / unit * unit;
}

#if defined(__x86_64__)

/// A tile's rows into memory, 32 lanes each, or added to what is there.
INLINE512 void tile_store(
  const int rows, tile sums, float *c, ptrdiff_t c_step, bool adding) {
  UNROLLED
  for (int r = 0; r < rows; r++) {
    float *row = c + r * c_step;
    if (adding) {
      sums[r][0] = _mm512_add_ps(sums[r][0], _mm512_loadu_ps(row));
      sums[r][1] = _mm512_add_ps(sums[r][1], _mm512_loadu_ps(row + 16));
    }
    _mm512_storeu_ps(row, sums[r][0]);
    _mm512_storeu_ps(row + 16, sums[r][1]);
  }
}

#endif

/// Products of a left operand, `[row][depth]`, and a right one, `[depth][32 lanes]`. `x` is
/// row-major, of the element type that the format is for, with rows `step` elements apart.
typedef struct attention_format {
  /// Elements of the left operand that one step along its slower dimension takes.
  ptrdiff_t (*left_step)(ptrdiff_t rows, ptrdiff_t depth);
  /// What operands take, in floats.
  ptrdiff_t (*left_size)(ptrdiff_t rows, ptrdiff_t depth);
  ptrdiff_t (*right_size)(ptrdiff_t depth);
  /// `left[r][k] = x[r][k]`, and `left[r][k] = x[k][r]`.
  void (*left_of_rows)(
    const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out);
  void (*left_of_columns)(
    const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out);
  /// `right[k][lane] = x[lane][k]` for `count` lanes; of the others those up to a multiple of 16
  /// are 0.
  void (*right_of_columns)(
    const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t depth, float *out);
  /// `right[lane][column] = x[lane][column]`, 32 deep, as panels of 32 columns.
  void (*right_of_rows)(
    const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t width, float *out);
  /// Scores, `[keys][32]`, as a left operand that is 32 deep and as a right one: themselves or a
  /// copy in `out`.
  const float *(*left_of_scores)(const float *scores, ptrdiff_t keys, float *out);
  const float *(*right_of_scores)(const float *scores, ptrdiff_t keys, float *out);
  /// `c[r][32] = left · right`; where at most 16 lanes are used the others may be left out. Rows up
  /// to a multiple of 16 are overwritten.
  void (*multiply)(
    ptrdiff_t rows, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t depth,
    float *c, ptrdiff_t used);
  /// `c[r][0..<wide] += left · right`: the scores of so many blocks of 32 queries by panels of 32
  /// columns. A block's operands follow those of the one before: copies of scores take 16 words a
  /// row, rows up to a multiple of 16. Of a last block `count` lanes are used. Rows of `c` up to a
  /// multiple of 16 are overwritten.
  void (*accumulate)(
    ptrdiff_t blocks, ptrdiff_t rows, const float *left, const float *right, ptrdiff_t count,
    float *c, ptrdiff_t wide);
  /// The most blocks that `accumulate` takes at a time: more, where passing over `c` is what costs.
  ptrdiff_t most_blocks;
  /// What a thread does before its first product and after its last; may be null.
  void (*begin)(void);
  void (*end)(void);
} attention_format;

/// float32 operands.
extern const attention_format dept_float_attention;
/// bfloat16 operands by the instruction for pairs of them, of rows of float32 numbers and of
/// bfloat16 ones.
extern const attention_format dept_pair_attention, dept_pair_attention_of_halves;
/// The same by the processor's matrix unit.
extern const attention_format dept_matrix_attention, dept_matrix_attention_of_halves;

#endif
