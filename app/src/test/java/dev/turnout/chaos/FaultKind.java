package dev.turnout.chaos;

import java.time.Duration;

/** What may happen to a process, its network, its disk or what it depends on. */
enum FaultKind {
  /** SIGKILL, and a new start soon. */
  KILL(Target.ROLE, 4, 0.5, 3),
  /** SIGTERM, and a new start soon, as in a roll-out. */
  TERMINATE(Target.ROLE, 2, 0.2, 1),
  /** SIGSTOP for longer than its session and its transaction last, then SIGCONT: a zombie. */
  STOP(Target.ROLE, 3, 9, 16),
  /** Nothing passes between it and the brokers. */
  CUT(Target.ROLE, 2, 3, 14),
  /** Everything between it and the brokers takes long. */
  SLOW(Target.ROLE, 1, 3, 8),
  /** SIGKILL of every router at once. */
  KILL_ROUTERS(Target.ROUTERS, 1, 0.5, 2),
  /** SIGKILL of a broker. */
  KILL_BROKER(Target.BROKER, 2, 2, 8),
  /** SIGSTOP of a broker: its connections stay and nobody answers. */
  STOP_BROKER(Target.BROKER, 1, 4, 10),
  /** SIGTERM of every broker in turn, each back in sync before the next. */
  ROLLING_RESTART(Target.CLUSTER, 0.5, 0, 0),
  /** The registry is away. */
  REGISTRY_OUTAGE(Target.REGISTRY, 1, 2, 8),
  /** The file system of a learner's state is full. */
  DISK_FULL(Target.DISK, 1, 3, 8);

  /** What a fault may hit. */
  enum Target {
    ROLE,
    ROUTERS,
    BROKER,
    CLUSTER,
    REGISTRY,
    DISK
  }

  final Target target;
  final double weight;
  private final double shortest;
  private final double longest;

  /**
   * @param weight how often it is drawn, against the others
   * @param shortest seconds it lasts at least
   * @param longest seconds it lasts at most
   */
  FaultKind(Target target, double weight, double shortest, double longest) {
    this.target = target;
    this.weight = weight;
    this.shortest = shortest;
    this.longest = longest;
  }

  /**
   * How long it lasts.
   *
   * @param draw 0 to 1
   */
  Duration lasting(double draw) {
    return Duration.ofMillis(Math.round(1_000 * (shortest + draw * (longest - shortest))));
  }
}
