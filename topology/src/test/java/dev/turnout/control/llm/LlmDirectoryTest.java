package dev.turnout.control.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.availability.Unavailable;
import dev.turnout.schema.LlmProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlmDirectoryTest {

  @Test
  void shouldKeepAnLlmAvailableWhoseWorkersRequestsStart() {
    // given
    LlmDirectory directory =
        LlmDirectory.of(
            List.of(
                new RegisteredLlm(llm("pooled", true), null),
                new RegisteredLlm(llm("broken", true), null),
                new RegisteredLlm(llm("fixed", false), null)));

    // when
    LlmDirectory known =
        directory.with(
            Map.of(
                "pooled", new Unavailable(Instant.EPOCH, "its workers have ended", true),
                "broken", new Unavailable(Instant.EPOCH, "HTTP 500", false),
                "fixed", new Unavailable(Instant.EPOCH, "its workers have ended", true)));

    // then
    assertThat(List.of("pooled", "broken", "fixed", "unknown"))
        .filteredOn(known::isOutOfService)
        .containsExactly("broken", "fixed", "unknown");
    assertThat(known.find("pooled")).isEqualTo(directory.find("pooled"));
  }

  private static LlmProfile llm(String id, boolean onDemand) {
    return LlmProfile.newBuilder()
        .setId(id)
        .setTopic("requests." + id)
        .setUpdatedAt(Instant.EPOCH)
        .setOnDemand(onDemand)
        .build();
  }
}
