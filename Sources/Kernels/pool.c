// The one thread pool of the process. A loop is cut into more parts than there are threads. Each
// thread has a range of them, in which neighbours find each other's data in its cache, and takes
// the last of another's when its own are done: cores differ in speed when others use the machine
// too. Workers spin briefly, then sleep, so that back-to-back kernels start in under a microsecond
// and an idle process costs nothing.
#include "kernels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { maximum_threads = 256, spins = 4000, parts_a_thread = 16 };

static struct {
  pthread_mutex_t busy;  // held by the thread whose loop the pool is running
  pthread_mutex_t lock;
  pthread_cond_t wake;
  int threads, started;
  // Of the loop: read by who has taken a part of it, until which the loop does not end.
  dept_body body;
  void *context;
  ptrdiff_t count;
  int parts;
  bool prefers_library;  // as the thread whose loop it is
  int forced_bfloat16;   // the same
  atomic_int loop, unfinished, sharing;  // `sharing` threads have ranges
  /// The parts that a thread has left.
  struct {
    _Atomic uint64_t range;
  } __attribute__((aligned(64))) left[maximum_threads];
} pool = {.busy = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER, .threads = 1};

static _Thread_local bool inside;

/// A range of parts and the loop that they belong to in one word, so that a part is only ever taken
/// of the loop that it belongs to.
static uint64_t range_of(int loop, int first, int end) {
  return (uint64_t)(uint32_t)loop << 32 | (uint64_t)first << 16 | (uint64_t)end;
}

static int first_of(uint64_t range) { return (int)(range >> 16 & 0xFFFF); }
static int end_of(uint64_t range) { return (int)(range & 0xFFFF); }

/// Takes a part of those that `owner` has left, the first for itself and the last for another; -1
/// if there is none.
static int taken(int owner, bool by_itself) {
  _Atomic uint64_t *left = &pool.left[owner].range;
  uint64_t range = atomic_load_explicit(left, memory_order_acquire);
  while (first_of(range) < end_of(range)) {
    const uint64_t rest = by_itself ? range + (1 << 16) : range - 1;
    if (atomic_compare_exchange_weak_explicit(
          left, &range, rest, memory_order_acq_rel, memory_order_acquire))
      return by_itself ? first_of(range) : end_of(range) - 1;
  }
  return -1;
}

static void run(dept_body body, void *context, ptrdiff_t count, int part, int parts, int worker) {
  const ptrdiff_t begin = count * part / parts, end = count * (part + 1) / parts;
  if (begin < end) body(context, begin, end, worker);
}

/// Runs parts of the loop that is on now until none is left to take.
static void run_parts(int worker) {
  const int threads = atomic_load_explicit(&pool.sharing, memory_order_acquire);
  for (int i = 0; i < threads; i++) {
    const int owner = (worker + i) % threads;
    for (int part; (part = taken(owner, i == 0)) >= 0;) {
      if (worker > 0) {
        dept_prefer_library(pool.prefers_library);
        dept_force_bfloat16(pool.forced_bfloat16);
      }
      run(pool.body, pool.context, pool.count, part, pool.parts, worker);
      atomic_fetch_sub_explicit(&pool.unfinished, 1, memory_order_acq_rel);
    }
  }
}

static void rest(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

static void *worker(void *argument) {
  inside = true;
  int seen = 0;
  for (;;) {
    int now = atomic_load_explicit(&pool.loop, memory_order_acquire);
    for (int i = 0; now == seen && i < spins; i++) {
      rest();
      now = atomic_load_explicit(&pool.loop, memory_order_acquire);
    }
    if (now == seen) {
      pthread_mutex_lock(&pool.lock);
      while ((now = atomic_load_explicit(&pool.loop, memory_order_acquire)) == seen)
        pthread_cond_wait(&pool.wake, &pool.lock);
      pthread_mutex_unlock(&pool.lock);
    }
    seen = now;
    run_parts((int)(intptr_t)argument);
  }
  return NULL;
}

void dept_set_threads(int count) {
  pthread_mutex_lock(&pool.busy);
  pool.threads = count < 1 ? 1 : (count > maximum_threads ? maximum_threads : count);
  while (pool.started < pool.threads - 1) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    if (pthread_create(&thread, &attributes, worker, (void *)(intptr_t)(pool.started + 1)) != 0) {
      pool.threads = pool.started + 1;
      break;
    }
    pthread_attr_destroy(&attributes);
    pool.started++;
  }
  pthread_mutex_unlock(&pool.busy);
}

int dept_threads(void) { return pool.threads; }

void dept_parallel(ptrdiff_t count, ptrdiff_t grain, dept_body body, void *context) {
  if (count <= 0) return;
  ptrdiff_t parts = grain > 0 ? count / grain : count;
  const ptrdiff_t most = (ptrdiff_t)pool.threads * parts_a_thread;
  if (parts > most) parts = most;
  if (parts <= 1 || pool.threads == 1) {
    body(context, 0, count, 0);
    return;
  }
  // A second Swift thread never waits for the pool: it runs its loop itself. It cuts the loop all
  // the same, because the bits of a matrix product depend on where it is cut.
  if (inside || pthread_mutex_trylock(&pool.busy) != 0) {
    for (int part = 0; part < parts; part++) run(body, context, count, part, (int)parts, 0);
    return;
  }
  pool.body = body;
  pool.context = context;
  pool.count = count;
  pool.parts = (int)parts;
  pool.prefers_library = dept_prefers_library();
  pool.forced_bfloat16 = dept_forced_bfloat16();
  const int threads = pool.threads;
  const int loop = atomic_load_explicit(&pool.loop, memory_order_relaxed) + 1;
  atomic_store_explicit(&pool.sharing, threads, memory_order_relaxed);
  atomic_store_explicit(&pool.unfinished, (int)parts, memory_order_relaxed);
  for (int i = 0; i < threads; i++)
    atomic_store_explicit(
      &pool.left[i].range,
      range_of(loop, (int)(parts * i / threads), (int)(parts * (i + 1) / threads)),
      memory_order_release);
  pthread_mutex_lock(&pool.lock);
  atomic_store_explicit(&pool.loop, loop, memory_order_release);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
  inside = true;
  run_parts(0);
  inside = false;
  while (atomic_load_explicit(&pool.unfinished, memory_order_acquire) > 0) rest();
  pthread_mutex_unlock(&pool.busy);
}
