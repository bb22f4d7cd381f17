#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A lock with a condition to wait for, on the monotonic clock: a wall clock that NTP sets back by an hour must not
/// make the writer wait for an hour.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        #if canImport(Glibc)
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #else
            pthread_cond_init(condition, nil)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }

    func unlock() { pthread_mutex_unlock(mutex) }

    func signal() { pthread_cond_signal(condition) }

    func broadcast() { pthread_cond_broadcast(condition) }

    func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits for a signal; false if `end` came first.
    func wait(until end: Moment) -> Bool {
        #if canImport(Glibc)
            var time = timespec(nanoseconds: end.nanoseconds)
            return pthread_cond_timedwait(condition, mutex, &time) == 0
        #else
            let now = Moment.now.nanoseconds
            var time = timespec(nanoseconds: end.nanoseconds > now ? end.nanoseconds - now : 0)
            return pthread_cond_timedwait_relative_np(condition, mutex, &time) == 0
        #endif
    }

    /// A reading of the monotonic clock, for waits and for measuring.
    struct Moment {
        let nanoseconds: UInt64

        static var now: Moment {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Moment(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
        }

        func later(by duration: Duration) -> Moment {
            Moment(nanoseconds: nanoseconds + UInt64(max(0, duration / .nanoseconds(1))))
        }
    }
}

extension timespec {
    fileprivate init(nanoseconds: UInt64) {
        self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
