// Which tiles multiply bfloat16 operands. The instruction for pairs of them is twice as fast as a
// float32 FMA on some processors and half as fast on others, which no feature bit tells, and a
// matrix unit may be shared with others: measured.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "gemm.h"

#if defined(__x86_64__)

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "gemm_tiles.h"

/// Of a tile whose operands fit into any first cache; several microseconds' worth of such tiles are
/// timed together, and often enough to find some that nothing interrupts.
enum { measured_steps = 128, tiles_a_round = 8, rounds = 12 };

/// The native ways have copies of another kind to make, and a way that is not clearly faster is not
/// worth other last bits.
static const double worthwhile = 1.3;

/// Float32 products for which making parts pays: so many products for each number that is copied,
/// and so deep. From 60 down FMAs were faster, from 85 up parts.
enum { products_a_copy = 80, least_split_depth = 64 };

static const tile_format *const formats[] = {
  [DEPT_WIDENED] = &dept_float_tiles,
  [DEPT_HALVES] = &dept_float_tiles,
  [DEPT_PAIRS] = &dept_pair_tiles,
  [DEPT_MATRIX_UNIT] = &dept_matrix_tiles,
};
enum { ways = sizeof formats / sizeof *formats };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static double gains[ways];  // written once, under `once`
static dept_bfloat16_way fastest;  // of those measured

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// Seconds for a multiplication, one element deep.
static double round_of(
  const tile_format *format, const destination *d, const float *a, const float *b) {
  if (format->begin) format->begin();
  const double start = seconds();
  for (int i = 0; i < tiles_a_round; i++)
    format->multiply((int)format->rows, d, a, b, measured_steps);
  const double end = seconds();
  if (format->end) format->end();
  return (end - start) / (double)(format->rows * format->elements);
}

/// Whether the system lets this process use the matrix unit. Linux wants to be asked, since a
/// thread's state grows by 8 KiB with it.
static bool may_use_matrix_unit(void) {
#if defined(__linux__) && defined(SYS_arch_prctl)
  enum { request_permission = 0x1023, tile_data = 18 };
  return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
         syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
  return false;
#endif
}

static void measure(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512bf16") || !dept_has_vectors()) return;
  const bool has[ways] = {
    [DEPT_WIDENED] = true, [DEPT_PAIRS] = true, [DEPT_MATRIX_UNIT] = may_use_matrix_unit()};
  enum {
    a_count = measured_steps * most_tile_rows,
    b_count = measured_steps * tile_columns,
    c_count = most_tile_rows * tile_columns
  };
  float *memory = aligned_alloc(64, (size_t)(a_count + b_count + c_count + 64) * sizeof(float));
  if (!memory) abort();
  // As a pair, too, these are ordinary numbers.
  for (int i = 0; i < a_count + b_count; i++) memory[i] = 1.00390625f;
  const dept_product product = {
    .m = most_tile_rows, .n = tile_columns, .k = measured_steps, .c = memory + a_count + b_count};
  const destination d = destination_of(&product);
  double best[ways] = {INFINITY, INFINITY, INFINITY, INFINITY};
  // In turns, so that a change of the clock meets all.
  for (int i = 0; i < rounds; i++)
    for (int way = 0; way < ways; way++) {
      if (!has[way]) continue;
      const double time = round_of(formats[way], &d, memory, memory + a_count);
      best[way] = time < best[way] ? time : best[way];
    }
  free(memory);
  for (int way = 0; way < ways; way++) {
    if (has[way]) gains[way] = best[DEPT_WIDENED] / best[way];
    if (gains[way] > worthwhile && gains[way] > gains[fastest]) fastest = (dept_bfloat16_way)way;
  }
}

double dept_bfloat16_gain(dept_bfloat16_way way) {
  pthread_once(&once, measure);
  return gains[way];
}

dept_bfloat16_way dept_bfloat16_products(void) {
  if (!dept_vectors()) return DEPT_WIDENED;
  pthread_once(&once, measure);
  const int forced = dept_forced_bfloat16();
  if (forced >= 0 && forced != DEPT_HALVES)
    return gains[forced] > 0 ? (dept_bfloat16_way)forced : DEPT_WIDENED;
  // Half precision keeps less than the instructions for bfloat16 do.
  if (forced < 0 && fastest != DEPT_WIDENED) return fastest;
  return dept_has_halves() ? DEPT_HALVES : DEPT_WIDENED;
}

bool dept_keeps_bfloat16(void) {
  const dept_bfloat16_way way = dept_bfloat16_products();
  return way == DEPT_PAIRS || way == DEPT_MATRIX_UNIT;
}

/// Whether float32 operands are multiplied in parts.
static bool takes_split(const dept_product *p) {
  return !p->rounding && p->m * p->n >= products_a_copy * (p->m + p->n) &&
         p->k >= least_split_depth && dept_bfloat16_products() == DEPT_MATRIX_UNIT;
}

const tile_format *dept_tile_format(const dept_product *p) {
  if (dept_takes_halves(p)) return &dept_half_tiles;
  if (takes_split(p)) return &dept_split_tiles;
  return p->rounding ? formats[dept_bfloat16_products()] : &dept_float_tiles;
}

#else

dept_bfloat16_way dept_bfloat16_products(void) { return DEPT_WIDENED; }
bool dept_keeps_bfloat16(void) { return false; }
double dept_bfloat16_gain(dept_bfloat16_way way) {
  (void)way;
  return 0;
}

#endif
