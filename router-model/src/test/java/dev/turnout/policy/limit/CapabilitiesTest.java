package dev.turnout.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
  @Test
  void shouldAssumeToolsAndSchemasUntilAnyStandardCapabilityIsNamed() {
    Set<String> needed = Set.of("tools", "json-schema");

    assertThat(Capabilities.of(List.of("code")).lack(needed)).isNull();
    assertThat(Capabilities.of(List.of("tools")).lack(needed))
        .isEqualTo("its profile does not name json-schema");
    assertThat(Capabilities.of(List.of("vision")).lack(needed))
        .isEqualTo("its profile does not name json-schema and tools");
    assertThat(Capabilities.of(List.of("text")).lack(needed))
        .isEqualTo("its profile does not name json-schema and tools");
  }

  @Test
  void shouldNotAssumeOtherInputsOrTags() {
    assertThat(Capabilities.of(List.of()).lack(Set.of("vision"))).contains("vision");
    assertThat(Capabilities.of(List.of("Vision")).lack(Set.of("vision"))).isNull();
    assertThat(Capabilities.of(List.of("code")).lack(Set.of("legal"))).contains("legal");
    assertThat(Capabilities.of(List.of("json_schema")).lack(Set.of("json-schema"))).isNull();
    assertThat(Capabilities.of(List.of()).lack(Set.of())).isNull();
  }
}
