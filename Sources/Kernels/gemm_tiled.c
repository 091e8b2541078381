// Matrix products by register tiles of 14 x 32 (AVX-512). Operands are copied into tile order block
// by block: weights stay in memory once, as they are stored, for forward and backward alike.
#include "gemm.h"

#include <stdlib.h>

#if defined(__x86_64__)

#include <unistd.h>

#include "gemm_tiles.h"

enum { largest_depth = 1024 };  // k of a block: fewer blocks, fewer passes over C

/// Rows of A that are kept in tile order at a time. They may exceed the L2 cache: a group is read
/// once for several panels, while every strip costs another copy of B.
enum { most_rows = 1428 };

/// Panels of B that are kept in tile order at a time: part of the L2 cache.
static ptrdiff_t panels_at_a_time(void) {
  static ptrdiff_t panels;
  if (panels == 0) {
    long cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
    if (cache < 1 << 18) cache = 1 << 20;
    panels = cache * 3 / 8 / (tile_columns * largest_depth * (ptrdiff_t)sizeof(float));
    if (panels < 1) panels = 1;
  }
  return panels;
}

typedef struct {
  const dept_product *p;
  prologue prologue;
  const tile_format *format;
  bool by_columns;
} job;

/// Words along k that `depth` elements take.
static ptrdiff_t steps_of(const tile_format *format, ptrdiff_t depth) {
  const ptrdiff_t whole = format->elements * format->unit;
  return (depth + whole - 1) / whole * format->unit;
}

/// The rows `begin ..< end` and the columns `left ..< right`, a multiple of 32 but at the end.
static void multiply_block(
  const job *j, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t left, ptrdiff_t right) {
  const dept_product *p = j->p;
  const tile_format *format = j->format;
  // A block's depth is a multiple of 32, where dropout's groups begin, and may exceed the largest
  // by less than that.
  const ptrdiff_t blocks = (p->k + largest_depth - 1) / largest_depth;
  const ptrdiff_t strips = (end - begin + most_rows - 1) / most_rows;
  const ptrdiff_t most_panels = panels_at_a_time() * format->elements;
  const ptrdiff_t most = (end - begin + strips - 1) / strips;
  const ptrdiff_t deepest =
    steps_of(format, p->k < largest_depth ? p->k : largest_depth + 32);
  // A group takes as many words a step as a tile has rows; 16 of its last step are written.
  float *panels = dept_product_scratch(
    (size_t)(deepest * (most_panels * tile_columns + most + 2 * most_tile_rows)) + 64);
  float *groups = panels + deepest * most_panels * tile_columns;
  destination d = destination_of(p);
  if (format->begin) format->begin();
  for (ptrdiff_t block = 0; block < blocks; block++) {
    const ptrdiff_t k0 = (p->k * block / blocks) & ~(ptrdiff_t)31;
    const ptrdiff_t k1 =
      block + 1 == blocks ? p->k : (p->k * (block + 1) / blocks) & ~(ptrdiff_t)31;
    const ptrdiff_t depth = k1 - k0, steps = steps_of(format, depth);
    d.first = block == 0;
    d.last = block + 1 == blocks;
    for (ptrdiff_t strip = 0; strip < strips; strip++) {
      const ptrdiff_t top = begin + (end - begin) * strip / strips;
      const ptrdiff_t rows = begin + (end - begin) * (strip + 1) / strips - top;
      const ptrdiff_t parts = (rows + format->rows - 1) / format->rows;
      for (ptrdiff_t part = 0; part < parts; part++) {
        const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
        format->pack_group(
          &j->prologue, top + r0, (int)(r1 - r0), k0, depth, groups + part * format->rows * steps);
      }
      for (ptrdiff_t from = left; from < right; from += most_panels * tile_columns) {
        const ptrdiff_t to = from + most_panels * tile_columns;
        const ptrdiff_t last = to < right ? to : right;
        float *out = panels;
        for (ptrdiff_t column = from; column < last; column += tile_columns) {
          format->pack_panel(p, column, k0, depth, out);
          out += tile_columns * steps;
        }
        for (ptrdiff_t part = 0; part < parts; part++) {
          const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
          const float *group = groups + part * format->rows * steps;
          d.row = top + r0;
          const float *panel = panels;
          for (d.column = from; d.column < last; d.column += tile_columns) {
            format->multiply((int)(r1 - r0), &d, group, panel, steps);
            panel += tile_columns * steps;
          }
        }
      }
    }
  }
  if (format->end) format->end();
}

static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const job *j = context;
  const ptrdiff_t n = j->p->n;
  if (j->by_columns) {
    const ptrdiff_t right = end * tile_columns;
    multiply_block(j, 0, j->p->m, begin * tile_columns, right < n ? right : n);
  } else {
    multiply_block(j, begin, end, 0, n);
  }
}

static _Thread_local struct {
  float *memory;
  size_t bytes;
} scratch;

float *dept_product_scratch(size_t count) {
  const size_t page = 1 << 21, bytes = (count * sizeof(float) + page - 1) & ~(page - 1);
  if (scratch.bytes < bytes) {
    free(scratch.memory);
    scratch.memory = aligned_alloc(page, bytes);
    if (!scratch.memory) abort();
    dept_use_large_pages(scratch.memory, (ptrdiff_t)bytes);
    scratch.bytes = bytes;
  }
  return scratch.memory;
}

void dept_tiled_product(const dept_product *p) {
  if (dept_takes_narrow(p)) return dept_narrow_product(p);
  if (dept_takes_halves(p)) return dept_half_product(p);
  const ptrdiff_t panels = (p->n + tile_columns - 1) / tile_columns;
  job j = {
    p, prologue_of(p), dept_tile_format(p),
    p->m < 4 * tile_rows * dept_threads() && panels >= dept_threads()};
  // Below about 20 microseconds of work a second thread costs more than it brings.
  const double work = 2.0 * (double)p->m * (double)p->n * (double)p->k;
  const ptrdiff_t count = j.by_columns ? panels : p->m;
  dept_parallel(count, work < 1e6 ? count : j.by_columns ? 1 : tile_rows, body, &j);
}

#else

void dept_tiled_product(const dept_product *product) { dept_library_product(product); }

#endif
