package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.Test;

class ClientsTest {

  @Test
  void shouldMissADeadMemberSoon() {
    assertThat(Clients.cooperative(Map.of("client.id", "worker")))
        .containsEntry("client.id", "worker")
        .containsEntry("session.timeout.ms", 6_000)
        .containsEntry("heartbeat.interval.ms", 500)
        .containsEntry("request.timeout.ms", 10_000)
        .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
  }

  @Test
  void shouldLeaveTheLastWordToTheOperator() {
    assertThat(Clients.cooperative(Map.of("session.timeout.ms", "45000")))
        .containsEntry("session.timeout.ms", "45000");
  }

  @Test
  void shouldTellBrokersThatAssignByThemselvesNothingOfSessions() {
    assertThat(Clients.cooperative(Map.of("group.protocol", "consumer")))
        .doesNotContainKeys(
            "session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy");
  }
}
