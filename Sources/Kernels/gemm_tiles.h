// How the operands of register tiles lie in memory, and who copies and multiplies them.
#ifndef DEPT_GEMM_TILES_H
#define DEPT_GEMM_TILES_H

#include "gemm_edit.h"
#include "gemm_finish.h"

/// Tiles whose operands are copied first: A in groups of as many rows as a tile has, B in panels of
/// as many columns, both `[steps][words]` in an order of the format's own.
typedef struct {
  ptrdiff_t rows, columns;
  /// How many neighbours along k a step holds.
  ptrdiff_t elements;
  /// Steps that are copied at a time: fewer blocks, fewer passes over C. A block may have up to 31
  /// elements more.
  ptrdiff_t depth;
  /// Steps come in multiples of this; those past the end are 0.
  ptrdiff_t unit;
  /// 32-bit words of a step of a group, and of a panel.
  ptrdiff_t group_words, panel_words;
  /// Words that a group takes beside its steps.
  ptrdiff_t group_extra;
  /// Copies the rows `row ..< row + rows` of A, `depth` columns from `k0` on, a multiple of 32. The
  /// next 16 words past the group are overwritten.
  void (*pack_group)(
    const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t depth, float *out);
  /// Copies the columns of a panel, from `column` on, `depth` rows from `k0` on.
  void (*pack_panel)(
    const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t depth, float *out);
  /// The product of a group and a panel.
  void (*multiply)(
    int rows, const destination *d, const float *a, const float *b, ptrdiff_t steps);
  /// What a thread does before its first product and after its last; may be null.
  void (*begin)(void);
  void (*end)(void);
} tile_format;

/// The depth of most formats, and with what a block may have more.
enum { largest_depth = 1024, deepest_block = largest_depth + 31 };

/// The most rows that a tile of any kind has.
enum { most_tile_rows = 32 };

/// A float32 element a word, and float32 products.
extern const tile_format dept_float_tiles;
/// A pair of bfloat16 elements a word, and the processor's own bfloat16 products; only where it has
/// them. Their last bits are others than those of widened operands: the products of a pair are
/// added before they reach the sum, and numbers below 2^-126 count as 0.
extern const tile_format dept_pair_tiles;
/// The same pairs, multiplied by the processor's matrix unit (AMX).
extern const tile_format dept_matrix_tiles;
/// Float32 numbers as the sums of three bfloat16 parts, multiplied by the matrix unit; only where
/// there is one. Sums are at least as exact as those of float32 products.
extern const tile_format dept_split_tiles;
/// Half-precision elements and sums of 64 products; only for `dept_takes_halves`.
extern const tile_format dept_half_tiles;
/// The tiles that multiply a product fastest here.
const tile_format *dept_tile_format(const dept_product *product);

#endif
