package dev.turnout.app.quickstart.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.policy.limit.Capabilities;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EndpointScenarioTest {

  @Test
  void shouldLetRealLlmsSayThemselvesWhatTheyDoNotTake() {
    // given one that is named like a simulated one, and a stranger
    TopicCatalogue topics = TopicCatalogue.standard();
    SampleScenario sample = new SampleScenario(topics, 240, 1, 1);

    // when
    EndpointScenario scenario =
        new EndpointScenario(sample, topics, List.of("scholar", "llama3.1"));

    // then
    Map<String, List<String>> capabilities =
        scenario.llms().stream()
            .collect(Collectors.toMap(LlmProfile::getId, LlmProfile::getCapabilities));
    assertThat(capabilities.get("scholar"))
        .contains("law", "tools", "json-schema", "vision", "document");
    assertThat(capabilities.get("llama3.1")).contains("tools", "json-schema", "vision", "document");

    // and the simulated ones beside them only pretend, so they get no tools
    assertThat(capabilities.get("polyglot")).contains("text").doesNotContain("tools", "vision");
    assertThat(
            Capabilities.of(capabilities.getOrDefault("polyglot", List.of())).lack(Set.of("tools")))
        .isNotNull();
  }
}
