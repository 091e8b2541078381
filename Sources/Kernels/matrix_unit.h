// The processor's matrix unit (AMX-BF16): eight registers of 16 rows of 64 bytes, and an
// instruction that adds to one the product of two of bfloat16 numbers, 16 by 16 and 32 deep.
#ifndef DEPT_MATRIX_UNIT_H
#define DEPT_MATRIX_UNIT_H

#include "pairs.h"

#define MATRIX                                                                            \
  __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16," \
                        "avx2,fma,bmi2")))

#define INLINEMATRIX MATRIX static inline __attribute__((always_inline))

/// Rows, and words of a row, of a hardware tile.
enum { side = 16 };

/// Asks for the 16 lines from `words` on, which a tile will be loaded from: one that waits for the
/// second cache keeps the unit waiting too.
INLINEPAIRS void prefetch_lines(const float *words) {
  UNROLLED
  for (int i = 0; i < side; i++) __builtin_prefetch(words + i * side);
}

/// Takes the unit for the calling thread, with whole tiles.
void dept_begin_matrix_unit(void);
/// Lets it go: a thread that holds it is more to switch.
void dept_end_matrix_unit(void);

#endif
