package dev.turnout.llm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.llm.TokenPrices;
import dev.turnout.llm.http.Dialect;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelCatalogueTest {

  private final ModelCatalogue catalogue = ModelCatalogue.standard();

  @Test
  void shouldKnowWellKnownModels() {
    KnownModel model = catalogue.find("GPT-4o").orElseThrow();

    assertThat(model.contextWindow()).isEqualTo(128_000);
    assertThat(model.dialect()).isEqualTo(Dialect.OPENAI);
    assertThat(model.capabilities()).contains("tools", "vision");
    assertThat(catalogue.find("meta-llama/Llama-3.1-8B-Instruct")).isPresent();
    assertThat(catalogue.find("gpt-99")).isEmpty();
    assertThat(catalogue.date()).matches("20\\d\\d-\\d\\d");
  }

  @Test
  void shouldSayNothingThatCannotBe() {
    assertThat(catalogue.models()).hasSizeBetween(15, 30);
    assertThat(
            catalogue.models().stream()
                .flatMap(model -> Stream.concat(Stream.of(model.id()), model.aliases().stream())))
        .doesNotHaveDuplicates();
    for (KnownModel model : catalogue.models()) {
      assertThat(model.contextWindow()).as(model.id()).isGreaterThan(4_000);
      assertThat(model.capabilities())
          .as(model.id())
          .isSubsetOf(Set.of("tools", "vision", "audio", "json-schema"));
      TokenPrices prices = model.prices();
      if (prices != null) {
        assertThat(prices.outputUsdPerMillion())
            .as(model.id())
            .isGreaterThan(prices.inputUsdPerMillion());
        Double cached = prices.cachedInputUsdPerMillion();
        assertThat(cached == null ? 0 : cached).isLessThan(prices.inputUsdPerMillion());
      }
    }
  }
}
