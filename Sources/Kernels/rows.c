#include "kernels.h"
#include "masks.h"

typedef struct {
  ptrdiff_t count, width;
  const int32_t *index;
  const float *x, *table;
  float *y;
} operands;

static void gather_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++)
    memcpy(
      o->y + i * o->width, o->table + (ptrdiff_t)o->index[i] * o->width,
      (size_t)o->width * sizeof(float));
}

void dept_gather(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *table, float *y) {
  operands o = {count, width, index, 0, table, y};
  dept_parallel(count, 1 + 32768 / width, gather_body, &o);
}

VECTORIZED static void add_gathered_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->x + i * width, *row = o->table + (ptrdiff_t)o->index[i] * width;
    float *y = o->y + i * width;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = x[j] + row[j];
  }
}

void dept_add_gathered(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, const float *table,
  float *y) {
  operands o = {count, width, index, x, table, y};
  dept_parallel(count, 1 + 16384 / width, add_gathered_body, &o);
}

// Split by columns: two rows with the same index never race, and sums keep the order of rows.
VECTORIZED static void scatter_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  for (ptrdiff_t i = 0; i < o->count; i++) {
    const float *x = o->x + i * width;
    float *row = o->y + (ptrdiff_t)o->index[i] * width;
    for (ptrdiff_t j = begin; j < end; j++) row[j] += x[j];
  }
}

void dept_scatter_add(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const float *x, float *table) {
  operands o = {count, width, index, x, 0, table};
  dept_parallel(width, 64, scatter_body, &o);
}

// MARK: bfloat16

typedef struct {
  ptrdiff_t width;
  const int32_t *index;
  const float *x;
  const uint16_t *halves;
  uint16_t *rounded;
  float *y;
} half_operands;

VECTORIZED static void widen(ptrdiff_t count, const uint16_t *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const uint32_t bits = (uint32_t)x[i] << 16;
    memcpy(y + i, &bits, sizeof bits);
  }
}

static void gather_half_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const half_operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++)
    widen(o->width, o->halves + (ptrdiff_t)o->index[i] * o->width, o->y + i * o->width);
}

void dept_gather_bfloat16(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const uint16_t *table, float *y) {
  half_operands o = {width, index, 0, table, 0, y};
  dept_parallel(count, 1 + 32768 / width, gather_half_body, &o);
}

VECTORIZED static void round_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const half_operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = rounded_to_bfloat16(o->x[i]);
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    // What says that x is no number may lie in the half that goes.
    o->rounded[i] = (uint16_t)(x != x ? bits >> 16 | 0x40 : bits >> 16);
  }
}

void dept_round_bfloat16(ptrdiff_t count, const float *x, uint16_t *y) {
  half_operands o = {0, 0, x, 0, y, 0};
  dept_parallel(count, 16384, round_body, &o);
}

static void widen_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const half_operands *o = context;
  widen(end - begin, o->halves + begin, o->y + begin);
}

void dept_widen_bfloat16(ptrdiff_t count, const uint16_t *x, float *y) {
  half_operands o = {0, 0, 0, x, 0, y};
  dept_parallel(count, 16384, widen_body, &o);
}
