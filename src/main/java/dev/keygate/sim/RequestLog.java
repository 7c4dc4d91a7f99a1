package dev.keygate.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The last requests received, which of them the client gave up, and who waits for one.
 *
 * <p>Written by the event loops, read by any thread: every method takes the monitor, and futures
 * are completed outside it.
 */
final class RequestLog {

  private final int capacity;
  private final Deque<ReceivedRequest> requests = new ArrayDeque<>();
  private final Set<Long> cancelled = new HashSet<>();
  private final List<Waiter> forArrival = new ArrayList<>();
  private final List<Waiter> forCancellation = new ArrayList<>();

  RequestLog(int capacity) {
    this.capacity = capacity;
  }

  private record Waiter(
      Predicate<ReceivedRequest> wanted, CompletableFuture<ReceivedRequest> future) {}

  boolean records() {
    return capacity > 0;
  }

  void add(ReceivedRequest request) {
    List<Waiter> served;
    synchronized (this) {
      if (requests.size() >= capacity) {
        cancelled.remove(requests.removeFirst().number());
      }
      requests.addLast(request);
      served = takeMatching(forArrival, request);
    }
    served.forEach(waiter -> waiter.future().complete(request));
  }

  /** The client closed its connection or stream before the answer was complete. */
  void cancel(ReceivedRequest request) {
    List<Waiter> served;
    synchronized (this) {
      if (requests.contains(request)) {
        cancelled.add(request.number());
      }
      served = takeMatching(forCancellation, request);
    }
    served.forEach(waiter -> waiter.future().complete(request));
  }

  synchronized List<ReceivedRequest> all() {
    return List.copyOf(requests);
  }

  synchronized boolean isCancelled(ReceivedRequest request) {
    return cancelled.contains(request.number());
  }

  synchronized void clear() {
    requests.clear();
    cancelled.clear();
  }

  CompletableFuture<ReceivedRequest> awaitReceived(Predicate<ReceivedRequest> wanted) {
    return await(_ -> true, wanted, forArrival);
  }

  CompletableFuture<ReceivedRequest> awaitCancelled(Predicate<ReceivedRequest> wanted) {
    return await(this::isCancelled, wanted, forCancellation);
  }

  /** Completes with the oldest remembered request that fits, else with the next one reported. */
  private synchronized CompletableFuture<ReceivedRequest> await(
      Predicate<ReceivedRequest> happened,
      Predicate<ReceivedRequest> wanted,
      List<Waiter> waiters) {
    if (!records()) {
      throw new IllegalStateException("this simulated provider was started without recording");
    }
    CompletableFuture<ReceivedRequest> future = new CompletableFuture<>();
    requests.stream()
        .filter(happened)
        .filter(wanted)
        .findFirst()
        .ifPresentOrElse(future::complete, () -> waiters.add(new Waiter(wanted, future)));
    return future;
  }

  private static List<Waiter> takeMatching(List<Waiter> waiters, ReceivedRequest request) {
    List<Waiter> matching =
        waiters.stream().filter(waiter -> waiter.wanted().test(request)).toList();
    waiters.removeAll(matching);
    return matching;
  }
}
