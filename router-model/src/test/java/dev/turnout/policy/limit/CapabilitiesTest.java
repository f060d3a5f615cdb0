package dev.turnout.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
  @Test
  void shouldAssumeToolsAndSchemasUntilAnyStandardCapabilityIsNamed() {
    Set<String> needed = Set.of("tools", "json-schema");

    assertThat(Capabilities.lack(List.of("code"), needed)).isNull();
    assertThat(Capabilities.lack(List.of("tools"), needed))
        .isEqualTo("its profile does not name json-schema");
    assertThat(Capabilities.lack(List.of("vision"), needed))
        .isEqualTo("its profile does not name json-schema and tools");
  }

  @Test
  void shouldNotAssumeOtherInputsOrTags() {
    assertThat(Capabilities.lack(List.of(), Set.of("vision"))).contains("vision");
    assertThat(Capabilities.lack(List.of("Vision"), Set.of("vision"))).isNull();
    assertThat(Capabilities.lack(List.of("code"), Set.of("legal"))).contains("legal");
    assertThat(Capabilities.lack(List.of("json_schema"), Set.of("json-schema"))).isNull();
    assertThat(Capabilities.lack(List.of(), Set.of())).isNull();
  }
}
