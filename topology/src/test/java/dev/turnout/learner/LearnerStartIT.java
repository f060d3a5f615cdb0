package dev.turnout.learner;

import static dev.turnout.router.RealKafka.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.TinyEncoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where learners of a new application id start, with a real broker. */
@Timeout(300)
class LearnerStartIT {

  @Test
  void shouldLearnFromWhatComesOnceTheLearnerHasStarted(@TempDir Path dir) throws Exception {
    Instant beginning = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(60);
    try (LearnerWorld world = LearnerWorld.create("start-learner", beginning)) {
      // given decisions and grades from before
      world.sendDecisionsAndGrades(0, 10);
      LearnerSettings settings = LearnerWorld.settings(world.kafka, dir, "learner.from", "latest");

      // when a new learner starts
      try (Learner learner = Learner.start(settings, TinyEncoder.ID, new SimpleMeterRegistry())) {
        world.sendDecisionsAndGrades(10, 15);
        await("five samples", LearnerWorld.PATIENCE, () -> world.samples().size() >= 5);

        // then it makes samples of what came since
        assertThat(world.samples()).hasSize(5).noneMatch(sample -> sample.startsWith("q-9 "));

        // and of grades that come late for decisions from before
        world.sendGrades(9, 10);
        await("a sixth", LearnerWorld.PATIENCE, () -> world.samples().size() >= 6);
        assertThat(world.samples().get(5)).startsWith("q-9 ");
        assertThat(learner.isAlive()).isTrue();
      }
    }
  }
}
