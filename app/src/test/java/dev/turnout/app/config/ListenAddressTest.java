package dev.turnout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.turnout.config.ListenAddress;
import dev.turnout.gateway.GatewaySettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ListenAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "127.0.0.53", "::1"})
  void shouldCallLoopbackClosed(String host) {
    assertThat(new ListenAddress("gateway.host", host).isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "no such host"})
  void shouldCallEverythingElseOpen(String host) {
    assertThat(new ListenAddress("gateway.host", host).isOpen()).isTrue();
  }

  @Test
  void shouldListenOnLoopbackUnlessToldOtherwise() {
    assertThat(GatewaySettings.from(Configuration.of(Map.of())).host())
        .isEqualTo(ListenAddress.LOOPBACK);
    assertThat(MetricsSettings.from(Configuration.of(Map.of())).listens().isOpen()).isFalse();
    assertThat(
            MetricsSettings.from(Configuration.of(Map.of("metrics.host", "0.0.0.0")))
                .listens()
                .isOpen())
        .isTrue();
  }

  @Test
  void shouldWarnOnceWhereItIsOpen() {
    // given
    Logger logger = (Logger) LoggerFactory.getLogger(ListenAddress.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      // when
      new ListenAddress("gateway.host", "localhost").warnIfOpen("gateway", "set gateway.tokens");
      new ListenAddress("gateway.host", "0.0.0.0").warnIfOpen("gateway", "set gateway.tokens");
    } finally {
      logger.detachAppender(log);
    }

    // then
    assertThat(log.list).hasSize(1);
    assertThat(log.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(log.list.get(0).getFormattedMessage()).contains("set gateway.tokens");
    assertThat(log.list.get(0).getKeyValuePairs().toString()).contains("0.0.0.0", "gateway.host");
  }
}
