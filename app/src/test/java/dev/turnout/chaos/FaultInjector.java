package dev.turnout.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan's faults happen and undoes them.
 *
 * <p>Two faults never hit the same process at once, since undoing the one would undo the other; and
 * only one broker is away at a time, with all replicas in sync before it goes: two brokers away are
 * more than three replicas are for, and nothing is promised then.
 */
final class FaultInjector implements AutoCloseable {
  private static final Duration SLOW_BY = Duration.ofMillis(150);

  private final Installation installation;
  private final Traffic traffic;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<String> busy = new HashSet<>();
  private final List<Future<?>> running = new ArrayList<>();
  private final long start = System.nanoTime();

  FaultInjector(Installation installation, Traffic traffic) {
    this.installation = installation;
    this.traffic = traffic;
  }

  /** Runs a plan; returns when everything is undone. */
  void run(List<Fault> plan) throws InterruptedException {
    for (Fault fault : plan) {
      Thread.sleep(fault.pause().toMillis());
      traffic.requireNoFailure();
      Set<String> hit = hit(fault);
      claim(hit);
      traffic.poison(fault.poison(), fault.number());
      System.out.printf("%6.1f s  %s%n", (System.nanoTime() - start) / 1e9, fault);
      running.add(threads.submit(() -> happen(fault, hit)));
    }
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a fault could not be made or undone", e.getCause());
      }
    }
  }

  private @Nullable Void happen(Fault fault, Set<String> hit) throws Exception {
    try {
      begin(fault);
      Thread.sleep(fault.lasting().toMillis());
    } finally {
      end(fault);
      release(hit);
    }
    return null;
  }

  private static Set<String> hit(Fault fault) {
    return switch (fault.kind().target) {
      case ROUTERS -> Set.copyOf(Installation.ROUTERS);
      case BROKER, CLUSTER -> Set.of("brokers");
      default -> Set.of(fault.target());
    };
  }

  private synchronized void claim(Set<String> hit) throws InterruptedException {
    while (hit.stream().anyMatch(busy::contains)) {
      wait();
    }
    busy.addAll(hit);
  }

  private synchronized void release(Set<String> hit) {
    busy.removeAll(hit);
    notifyAll();
  }

  private ChildProcess process(String name) {
    return name.startsWith("broker-")
        ? installation.cluster().broker(Integer.parseInt(name.substring("broker-".length())) - 1)
        : installation.role(name);
  }

  private void begin(Fault fault) throws Exception {
    switch (fault.kind()) {
      case KILL -> process(fault.target()).kill();
      case TERMINATE -> process(fault.target()).terminate();
      case STOP -> process(fault.target()).pause();
      case CUT -> installation.cluster().link(fault.target()).cut();
      case SLOW -> installation.cluster().link(fault.target()).slow(SLOW_BY);
      case KILL_ROUTERS -> Installation.ROUTERS.forEach(router -> installation.role(router).kill());
      case KILL_BROKER -> {
        awaitInSync();
        process(fault.target()).kill();
      }
      case STOP_BROKER -> {
        awaitInSync();
        process(fault.target()).pause();
      }
      case ROLLING_RESTART -> {
        for (ChildProcess broker : installation.cluster().brokers()) {
          awaitInSync();
          broker.terminate();
          broker.start();
        }
      }
      case REGISTRY_OUTAGE -> installation.registry().goAway();
      case DISK_FULL -> {
        SmallDisk disk = installation.disk();
        if (disk != null) {
          disk.fill();
        }
      }
    }
  }

  private void end(Fault fault) {
    switch (fault.kind()) {
      case KILL, TERMINATE, KILL_BROKER -> process(fault.target()).start();
      case STOP, STOP_BROKER -> process(fault.target()).resume();
      case CUT, SLOW -> installation.cluster().link(fault.target()).heal();
      case KILL_ROUTERS ->
          Installation.ROUTERS.forEach(router -> installation.role(router).start());
      case ROLLING_RESTART -> {}
      case REGISTRY_OUTAGE -> installation.registry().comeBack();
      case DISK_FULL -> free();
    }
  }

  private void free() {
    try {
      SmallDisk disk = installation.disk();
      if (disk != null) {
        disk.free();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitInSync() throws InterruptedException {
    if (!installation.cluster().awaitInSync(installation.admin(), Installation.PATIENCE)) {
      throw new AssertionError(
          "the brokers are not in sync " + Installation.PATIENCE + " after the last fault");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
