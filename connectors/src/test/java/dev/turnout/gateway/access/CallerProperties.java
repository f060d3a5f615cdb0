package dev.turnout.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whose an id is, over all ids and tenants that there can be. */
class CallerProperties {

  private static Caller of(String tenant) {
    return new Caller("k", tenant, Rights.ALL, List.of(), false);
  }

  @Provide
  Arbitrary<String> tenants() {
    return Arbitraries.oneOf(
        Arbitraries.of("default", "a", "b", "default2"),
        Arbitraries.strings().excludeChars(':').ofMinLength(1).ofMaxLength(4));
  }

  @Provide
  Arbitrary<String> ids() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("ab:").ofMaxLength(5),
        Arbitraries.of("default:a", "a:b", "default:a:b", "b", "::"),
        Arbitraries.strings().ofMaxLength(6));
  }

  @Property(tries = 2_000)
  void shouldNeverMeanTheSameByIdsOfTwoTenants(
      @ForAll("tenants") String one,
      @ForAll("tenants") String other,
      @ForAll("ids") String id,
      @ForAll("ids") String otherId) {
    if (!one.equals(other)) {
      assertThat(of(one).queryId(id)).isNotEqualTo(of(other).queryId(otherId));
    }
  }

  @Property(tries = 2_000)
  void shouldFindAQueryByEitherFormOfItsId(
      @ForAll("tenants") String tenant, @ForAll("ids") String chosen) {
    // given
    Caller caller = of(tenant);
    String id = caller.queryId(chosen);

    // then
    assertThat(caller.meant(chosen)).contains(id);
    assertThat(caller.meant(id)).contains(id);
    assertThat(caller.queryId(id)).isEqualTo(id);
  }
}
