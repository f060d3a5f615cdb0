package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kills a router with SIGKILL while queries flow, and counts what is committed in the end. */
class RouterKillIT {
  private static final int QUERIES = 5_000;
  private static final int KILLS = 4;
  private @Nullable Process child;

  @AfterEach
  void endChild() {
    if (child != null) {
      child.destroyForcibly();
    }
  }

  @ParameterizedTest
  @EnumSource(GroupProtocol.class)
  void shouldCommitExactlyOneDecisionAndOneRequestPerQueryAcrossKills(GroupProtocol protocol)
      throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("kill-" + protocol.name().charAt(0))) {
      // given
      Random random = new Random(42);
      kafka.publishLlms();
      kafka.publishModel("m1");
      int sent = 0;
      int interrupted = 0;

      // when
      for (int kill = 0; kill < KILLS; kill++) {
        int before = kafka.decisions().size();
        child = ChildRouter.start(kafka, protocol);
        int until = QUERIES * (kill + 1) / KILLS;
        kafka.sendQueries(sent, until);
        sent = until;
        RealKafka.await(
            "decisions after start " + kill,
            RealKafka.PATIENCE,
            () -> kafka.decisions().size() > before);
        Thread.sleep(random.nextInt(250));
        child.destroyForcibly().waitFor();
        interrupted += kafka.decisions().size() < sent ? 1 : 0;
      }
      assertThat(interrupted).as("kills while queries were flowing").isPositive();
      child = ChildRouter.start(kafka, protocol);
      RealKafka.await(
          QUERIES + " decisions", RealKafka.PATIENCE, () -> kafka.decisions().size() >= QUERIES);
      child.destroy();
      child.waitFor();

      // then
      kafka.requireEachOnce(QUERIES);
      assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isEmpty();
    }
  }
}
