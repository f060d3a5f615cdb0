package dev.turnout.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One thing that goes wrong.
 *
 * @param number its place in the plan, from 1
 * @param target name of what it hits
 * @param pause from the start of the one before to the start of this
 * @param lasting until it is undone
 * @param poison a record that is sent along
 */
record Fault(
    int number, FaultKind kind, String target, Duration pause, Duration lasting, Poison poison) {
  private static final double SHORTEST_PAUSE = 1;
  private static final double LONGEST_PAUSE = 5.5;

  /**
   * What goes wrong in a run, drawn from its seed alone: the same seed breaks the same things in
   * the same order, after the same pauses. Faults overlap where they last longer than the pauses.
   *
   * @param disk whether there is a disk that can be filled
   */
  static List<Fault> plan(long seed, int faults, boolean disk) {
    Random random = new Random(seed);
    List<Poison> poison = List.of(Poison.values());
    List<Fault> plan = new ArrayList<>();
    for (int number = 1; number <= faults; number++) {
      FaultKind kind = kind(random, disk);
      String target = target(kind, random);
      double pause = SHORTEST_PAUSE + random.nextDouble() * (LONGEST_PAUSE - SHORTEST_PAUSE);
      plan.add(
          new Fault(
              number,
              kind,
              target,
              Duration.ofMillis(Math.round(1_000 * pause)),
              kind.lasting(random.nextDouble()),
              // every kind of poison in turn, so that a short run has them all
              poison.get(number % poison.size())));
    }
    return List.copyOf(plan);
  }

  private static FaultKind kind(Random random, boolean disk) {
    List<FaultKind> kinds =
        Arrays.stream(FaultKind.values())
            .filter(kind -> disk || kind != FaultKind.DISK_FULL)
            .toList();
    double left = random.nextDouble() * kinds.stream().mapToDouble(kind -> kind.weight).sum();
    for (FaultKind kind : kinds) {
      left -= kind.weight;
      if (left < 0) {
        return kind;
      }
    }
    return kinds.get(0);
  }

  private static String target(FaultKind kind, Random random) {
    return switch (kind.target) {
      case ROLE -> drawn(roles(), random);
      case BROKER -> "broker-" + (1 + random.nextInt(BrokerCluster.BROKERS));
      case ROUTERS -> "routers";
      case CLUSTER -> "brokers";
      case REGISTRY -> "registry";
      case DISK -> Installation.SMALL_DISK_LEARNER;
    };
  }

  /** Routers twice: what is promised most hangs on them. */
  private static List<String> roles() {
    List<String> roles = new ArrayList<>(Installation.ROUTERS);
    roles.addAll(Installation.ROUTERS);
    roles.addAll(Installation.LEARNERS);
    roles.addAll(Installation.WORKERS);
    return roles;
  }

  private static String drawn(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  @Override
  public String toString() {
    return "%3d %s %s for %.1f s, with %s"
        .formatted(number, kind, target, lasting.toMillis() / 1_000.0, poison);
  }
}
