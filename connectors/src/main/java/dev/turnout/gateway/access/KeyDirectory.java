package dev.turnout.gateway.access;

import dev.turnout.kafka.LoopState;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys that the gateway knows, for what serves people beside it: who stands behind a secret,
 * and nothing of limits. A key that was revoked or has expired stands for nobody at once.
 */
public final class KeyDirectory implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  private final Supplier<KeyRing> keys;
  private final Supplier<List<LoopState>> loops;
  private final Clock clock;
  private final Runnable closing;

  private KeyDirectory(
      Supplier<KeyRing> keys, Supplier<List<LoopState>> loops, Clock clock, Runnable closing) {
    this.keys = keys;
    this.loops = loops;
    this.clock = clock;
    this.closing = closing;
  }

  /**
   * Knows these secrets alone, all with all rights, and no Kafka.
   *
   * @param tokens as {@code gateway.tokens}
   */
  public static KeyDirectory ofTokens(List<String> tokens, Clock clock) {
    KeyRing fixed = KeyRing.of(KeyFollower.ofTokens(tokens));
    return new KeyDirectory(() -> fixed, List::of, clock, () -> {});
  }

  /**
   * Follows the keys, and returns when all that there are are known.
   *
   * @throws IllegalStateException if the topic of keys cannot be read
   * @throws IllegalArgumentException if the file of keys cannot be read
   */
  public static KeyDirectory start(AccessSettings settings, Clock clock)
      throws InterruptedException {
    KeyFollower follower = new KeyFollower(settings, snapshot -> {});
    try {
      if (!follower.awaitCaughtUp(LONGEST_START)) {
        throw new IllegalStateException(
            "the keys on "
                + settings.connection().topics().keys()
                + " cannot be read: "
                + follower.state().lastError());
      }
    } catch (InterruptedException | RuntimeException | Error failed) {
      follower.close();
      throw failed;
    }
    return new KeyDirectory(
        () -> follower.snapshot().keys(), () -> List.of(follower.state()), clock, follower::close);
  }

  /** Who stands behind a secret at this moment. */
  public Optional<Caller> find(String secret) {
    return keys.get().find(secret, clock.instant()).map(Caller::of);
  }

  /** Who stands behind the secrets in a request's headers. */
  public Optional<Caller> presentedBy(Context context) {
    return PresentedSecrets.of(context).flatMap(secret -> find(secret).stream()).findFirst();
  }

  /** Whether no key was ever made. */
  public boolean isEmpty() {
    return keys.get().isEmpty();
  }

  /** How its loops are doing. */
  public List<LoopState> loops() {
    return loops.get();
  }

  @Override
  public void close() {
    closing.run();
  }
}
