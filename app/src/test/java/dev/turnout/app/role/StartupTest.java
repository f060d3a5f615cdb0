package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.local.broker.FreePort;
import dev.turnout.registry.RegistryUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StartupTest {

  @Test
  void shouldWaitForABrokerAndSayItUntilTheRoleIsAskedToStop() throws Exception {
    // given an address where nobody listens
    String servers = "localhost:" + FreePort.find();
    ConnectionSettings connection =
        ConnectionSettings.from(SettingValues.of(Map.of("kafka.bootstrap.servers", servers)));
    CountDownLatch stop = new CountDownLatch(1);
    Startup startup = new Startup("router", stop);
    assertThat(startup.health())
        .isEqualTo(new Health(false, true, false, List.of("still starting")));

    // when
    CompletableFuture<Void> start =
        CompletableFuture.runAsync(
            () -> startup.awaitTopics(connection, List.of("turnout.queries"), Startup.CREATE));

    // then no supervisor is to end it, and no traffic is to come
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!startup.health().started()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
    assertThat(startup.health().live()).isTrue();
    assertThat(startup.health().ready()).isFalse();
    assertThat(startup.health().problems().get(0)).contains("waiting for a broker at " + servers);

    // when
    stop.countDown();

    // then
    assertThatThrownBy(() -> start.get(1, TimeUnit.MINUTES))
        .hasRootCauseInstanceOf(CancellationException.class);
  }

  @Test
  void shouldWaitForTheRegistryAndGoOnWhenItAnswers() {
    // given a registry that answers the third time
    ConnectionSettings connection =
        ConnectionSettings.from(
            SettingValues.of(
                Map.of(
                    "kafka.bootstrap.servers", "localhost:9092", "registry.url", "http://away")));
    Startup startup = new Startup("worker", new CountDownLatch(1));
    List<String> problems = new ArrayList<>();

    // when
    String read =
        startup.awaitRegistry(
            connection,
            () -> {
              problems.addAll(startup.health().problems());
              if (problems.size() < 3) {
                throw new RegistryUnavailableException("no registry answers", null);
              }
              return "profiles";
            });

    // then
    assertThat(read).isEqualTo("profiles");
    assertThat(problems.get(2)).contains("waiting for the schema registry at http://away");
    assertThat(startup.health().problems()).containsExactly("still starting");

    // and what is no outage ends it
    assertThatThrownBy(
            () ->
                startup.awaitRegistry(
                    connection,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
  }
}
