// Matrix products by register tiles (AVX-512, AMX). Operands are copied into tile order block by
// block: weights stay in memory once, as they are stored, for forward and backward alike.
#include "gemm.h"

#include <stdlib.h>

#if defined(__x86_64__)

#include <unistd.h>

#include "gemm_tiles.h"

/// Bytes of B that a thread has in hand while groups pass by: part of its second cache.
static ptrdiff_t panel_bytes(void) {
  static ptrdiff_t bytes;
  if (bytes == 0) {
    const long cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
    bytes = (cache < 1 << 18 ? 1 << 20 : cache) * 3 / 8;
  }
  return bytes;
}

/// Rows of A that are kept in tile order at a time. They may exceed a thread's caches: a group is
/// read once for several panels.
enum { most_rows = 1428 };

/// Tasks a thread: enough that one which is slowed down by others on the machine leaves some to the
/// others. The fewest groups of one.
enum { tasks_a_thread = 8, fewest_groups = 6 };

/// A block of a product, or of several of one A, along k from `k0` on: groups of A's rows
/// `top ..< top + rows` and panels of all columns of all B, in tile order.
typedef struct {
  const dept_product *products;
  prologue prologue;
  const tile_format *format;
  destination destination;
  ptrdiff_t k0, depth, steps;
  ptrdiff_t top, rows, groups;
  float *group_memory;
  ptrdiff_t panels, panels_each;
  /// Null where each panel belongs to one task, which copies it for itself while it is in its
  /// cache.
  float *panel_memory;
  /// A task multiplies a piece of the groups by a strip of the panels.
  ptrdiff_t pieces, strips;
} block;

static ptrdiff_t rounded_up(ptrdiff_t count, ptrdiff_t unit) {
  return (count + unit - 1) / unit * unit;
}

/// Steps along k that `depth` elements take.
static ptrdiff_t steps_of(const tile_format *format, ptrdiff_t depth) {
  return rounded_up(depth, format->elements * format->unit) / format->elements;
}

/// Words of a group, with the 16 that its copy may write past its end.
static ptrdiff_t group_size(const tile_format *format, ptrdiff_t steps) {
  return rounded_up(steps * format->group_words + format->group_extra, 16) + 16;
}

/// The first row of a group; the rows are shared out evenly.
static ptrdiff_t row_of(const block *b, ptrdiff_t group) { return b->rows * group / b->groups; }

static float *group_at(const block *b, ptrdiff_t group) {
  return b->group_memory + group * group_size(b->format, b->steps);
}

static ptrdiff_t panel_size(const block *b) { return b->steps * b->format->panel_words; }

static const dept_product *product_of(const block *b, ptrdiff_t panel) {
  return b->products + panel / b->panels_each;
}

static ptrdiff_t column_of(const block *b, ptrdiff_t panel) {
  return panel % b->panels_each * b->format->columns;
}

static void pack_panel(const block *b, ptrdiff_t panel, float *out) {
  b->format->pack_panel(product_of(b, panel), column_of(b, panel), b->k0, b->depth, out);
}

/// A thread's memory.
typedef struct {
  float *memory;
  size_t bytes;
} scratch;

static float *taken(scratch *s, size_t count) {
  const size_t page = 1 << 21, bytes = (count * sizeof(float) + page - 1) & ~(page - 1);
  if (s->bytes < bytes) {
    free(s->memory);
    s->memory = aligned_alloc(page, bytes);
    if (!s->memory) abort();
    dept_use_large_pages(s->memory, (ptrdiff_t)bytes);
    s->bytes = bytes;
  }
  return s->memory;
}

static _Thread_local scratch for_products, for_panels;

float *dept_product_scratch(size_t count) { return taken(&for_products, count); }
static float *panel_scratch(size_t count) { return taken(&for_panels, count); }

static void pack_groups(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const block *b = context;
  for (ptrdiff_t group = begin; group < end; group++) {
    const ptrdiff_t row = row_of(b, group);
    b->format->pack_group(
      &b->prologue, b->top + row, (int)(row_of(b, group + 1) - row), b->k0, b->depth,
      group_at(b, group));
  }
}

static void pack_panels(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const block *b = context;
  for (ptrdiff_t panel = begin; panel < end; panel++)
    pack_panel(b, panel, b->panel_memory + panel * panel_size(b));
}

static void multiply_task(const block *b, ptrdiff_t piece, ptrdiff_t strip) {
  const ptrdiff_t from = b->panels * strip / b->strips, to = b->panels * (strip + 1) / b->strips;
  const ptrdiff_t last = b->groups * (piece + 1) / b->pieces, size = panel_size(b);
  const float *panels = b->panel_memory + from * size;
  if (!b->panel_memory) {
    float *copies = panel_scratch((size_t)(size * (to - from)));
    for (ptrdiff_t panel = from; panel < to; panel++)
      pack_panel(b, panel, copies + (panel - from) * size);
    panels = copies;
  }
  destination d = b->destination;
  for (ptrdiff_t group = b->groups * piece / b->pieces; group < last; group++) {
    const ptrdiff_t row = row_of(b, group);
    d.row = b->top + row;
    for (ptrdiff_t panel = from; panel < to; panel++) {
      d.p = product_of(b, panel);
      d.column = column_of(b, panel);
      b->format->multiply(
        (int)(row_of(b, group + 1) - row), &d, group_at(b, group), panels + (panel - from) * size,
        b->steps);
    }
  }
}

static void multiply_tasks(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const block *b = context;
  if (b->format->begin) b->format->begin();
  for (ptrdiff_t task = begin; task < end; task++)
    multiply_task(b, task / b->strips, task % b->strips);
  if (b->format->end) b->format->end();
}

/// Cuts a block into tasks.
static void cut(block *b) {
  const ptrdiff_t threads = dept_threads(), wanted = threads * tasks_a_thread;
  const ptrdiff_t fitting = panel_bytes() / (panel_size(b) * (ptrdiff_t)sizeof(float));
  const ptrdiff_t at_a_time = fitting > 1 ? fitting : 1;
  const ptrdiff_t most = b->groups < 2 * fewest_groups ? 1 : b->groups / fewest_groups;
  b->strips = (b->panels + at_a_time - 1) / at_a_time;
  // Whole pieces for each thread, which has copied them: its cache holds them.
  b->pieces = 1;
  if (b->strips < wanted)
    b->pieces = (wanted + b->strips * threads - 1) / (b->strips * threads) * threads;
  if (b->pieces <= most) return;
  b->pieces = most;
  b->strips = (wanted + most - 1) / most;
  if (b->strips > b->panels) b->strips = b->panels;
}

void dept_tiled_products(const dept_product *p, ptrdiff_t count) {
  if (dept_takes_narrow(p)) return dept_narrow_product(p);
  const tile_format *format = dept_tile_format(p);
  const ptrdiff_t panels_each = (p->n + format->columns - 1) / format->columns;
  block b = {
    .products = p,
    .prologue = prologue_of(p),
    .format = format,
    .destination = destination_of(p),
    .panels = panels_each * count,
    .panels_each = panels_each};
  // Below about 20 microseconds of work a second thread costs more than it brings.
  const bool small = 2.0 * (double)p->m * (double)p->n * (double)p->k < 1e6;
  // A block's depth is a multiple of 32, where dropout's groups begin, and may exceed the largest
  // by less than that.
  const ptrdiff_t largest = format->depth * format->elements;
  const ptrdiff_t blocks = (p->k + largest - 1) / largest;
  const ptrdiff_t deepest = steps_of(format, p->k < largest ? p->k : largest + 32);
  const ptrdiff_t strips = (p->m + most_rows - 1) / most_rows;
  const ptrdiff_t most_groups = ((p->m + strips - 1) / strips + format->rows - 1) / format->rows;
  const ptrdiff_t groups_size = most_groups * group_size(format, deepest);
  // Strips and blocks are of like size: one cut suits all.
  b.groups = most_groups;
  b.steps = deepest;
  cut(&b);
  const bool shared = b.pieces > 1;
  b.group_memory = dept_product_scratch(
    (size_t)(groups_size + (shared ? b.panels * deepest * format->panel_words : 0)));
  if (shared) b.panel_memory = b.group_memory + groups_size;
  for (ptrdiff_t i = 0; i < blocks; i++) {
    b.k0 = (p->k * i / blocks) & ~(ptrdiff_t)31;
    const ptrdiff_t k1 = i + 1 == blocks ? p->k : (p->k * (i + 1) / blocks) & ~(ptrdiff_t)31;
    b.depth = k1 - b.k0;
    b.steps = steps_of(format, b.depth);
    b.destination.first = i == 0;
    b.destination.last = i + 1 == blocks;
    for (ptrdiff_t strip = 0; strip < strips; strip++) {
      b.top = p->m * strip / strips;
      b.rows = p->m * (strip + 1) / strips - b.top;
      b.groups = (b.rows + format->rows - 1) / format->rows;
      // Panels that tasks share stay in tile order from one strip of rows to the next.
      const ptrdiff_t tasks = b.pieces * b.strips;
      if (b.panel_memory && strip == 0)
        dept_parallel(b.panels, small ? b.panels : 1, pack_panels, &b);
      dept_parallel(b.groups, small ? b.groups : 1, pack_groups, &b);
      dept_parallel(tasks, small ? tasks : 1, multiply_tasks, &b);
    }
  }
}

#else

void dept_tiled_products(const dept_product *products, ptrdiff_t count) {
  (void)count;
  dept_library_product(products);
}

#endif
