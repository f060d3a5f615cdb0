package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.RealKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is learnt depends on the log alone: not on kills, hand-overs, or when it was read. */
class LearnerReplicaIT {
  private static final int QUERIES = 1_000;
  private static final int VERDICTS = 3;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  private final Instant beginning = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(60);
  private @Nullable Process child;

  @AfterEach
  void endChild() {
    if (child != null) {
      child.destroyForcibly();
    }
  }

  private static void awaitEnd(LearnerWorld world) throws InterruptedException {
    RealKafka.await(
        VERDICTS + " verdicts and posteriors of all samples",
        LearnerWorld.PATIENCE,
        () -> world.verdicts() >= VERDICTS && world.learnt(world.serving()) == QUERIES);
  }

  @Test
  void shouldHoldBitEqualStateInTwoLearnersFedTheSameLog() throws Exception {
    try (LearnerWorld one = LearnerWorld.create("twin-a", beginning);
        LearnerWorld two = LearnerWorld.create("twin-b", beginning)) {
      // given one learner that sees the samples come, restarted in the middle
      try (Learner first = one.learner("a", directory.resolve("a"))) {
        one.sendSamples(0, 450);
        RealKafka.await("the first verdict", LearnerWorld.PATIENCE, () -> one.verdicts() == 1);
        assertThat(first.isAlive()).isTrue();
      }
      try (Learner again = one.learner("a", directory.resolve("a"))) {
        one.sendSamples(450, QUERIES);
        awaitEnd(one);
        assertThat(again.status().active()).isTrue();
      }

      // when another finds them all there
      two.sendSamples(0, QUERIES);
      try (Learner other = two.learner("b", directory.resolve("b"))) {
        awaitEnd(two);
        assertThat(other.status().samples()).isEqualTo(QUERIES);
      }

      // then
      assertThat(two.modelEvents()).isEqualTo(one.modelEvents());
      assertThat(two.posteriors().get(two.serving()))
          .isEqualTo(one.posteriors().get(one.serving()));
    }
  }

  @Test
  void shouldEndInTheSameStateAfterKills() throws Exception {
    try (LearnerWorld calm = LearnerWorld.create("calm", beginning);
        LearnerWorld rough = LearnerWorld.create("rough", beginning)) {
      // given a learner that nobody disturbs
      calm.sendDecisionsAndGrades(0, QUERIES);
      try (Learner learner = calm.learner("calm", directory.resolve("calm"))) {
        awaitEnd(calm);
        assertThat(learner.isAlive()).isTrue();
      }

      // when another is killed again and again while it learns the same
      Random random = new Random(7);
      int interrupted = 0;
      List<Integer> parts = List.of(0, 250, 500, 750, QUERIES);
      for (int part = 1; part < parts.size(); part++) {
        int before = rough.samples().size();
        child = ChildLearner.start(rough, "rough", directory.resolve("rough"));
        rough.sendDecisionsAndGrades(parts.get(part - 1), parts.get(part));
        RealKafka.await(
            "samples after start " + part,
            LearnerWorld.PATIENCE,
            () -> rough.samples().size() > before);
        Thread.sleep(random.nextInt(300));
        child.destroyForcibly().waitFor();
        interrupted += rough.learnt(rough.serving()) < parts.get(part) ? 1 : 0;
      }
      assertThat(interrupted).as("kills while it was learning").isPositive();
      child = ChildLearner.start(rough, "rough", directory.resolve("rough"));
      awaitEnd(rough);
      child.destroy();
      child.waitFor();

      // then
      assertThat(rough.samples()).isEqualTo(calm.samples());
      assertThat(rough.modelEvents()).isEqualTo(calm.modelEvents());
      assertThat(rough.posteriors().get(rough.serving()))
          .isEqualTo(calm.posteriors().get(calm.serving()));
    }
  }

  @Test
  void shouldHandOverToTheHotStandbyWhenTheActiveOneIsKilled() throws Exception {
    try (LearnerWorld world = LearnerWorld.create("standby", beginning)) {
      // given an active learner and one that stands by, both fed
      child = ChildLearner.start(world, "pair", directory.resolve("active"));
      world.sendSamples(0, 400);
      RealKafka.await(
          "the active one's verdict",
          LearnerWorld.PATIENCE,
          () -> world.verdicts() == 1 && world.learnt(world.serving()) == 400);
      try (Learner standby = world.learner("pair", directory.resolve("standby"))) {
        RealKafka.await(
            "the standby to read", LearnerWorld.PATIENCE, () -> standby.status().samples() == 400);
        assertThat(standby.status().active()).isFalse();

        // when
        long killed = System.nanoTime();
        child.destroyForcibly().waitFor();
        RealKafka.await("the hand-over", LearnerWorld.PATIENCE, () -> standby.status().active());
        Duration taken = Duration.ofNanos(System.nanoTime() - killed);
        System.out.printf("standby acts %.1f s after the kill%n", taken.toMillis() / 1_000.0);

        // then it goes on where the other stopped
        assertThat(taken).isLessThan(Duration.ofSeconds(20));
        assertThat(standby.status().samples()).as("it had read them already").isEqualTo(400);
        world.sendSamples(400, QUERIES);
        awaitEnd(world);
      }
    }
  }
}
