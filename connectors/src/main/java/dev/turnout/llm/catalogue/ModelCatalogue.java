package dev.turnout.llm.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.config.SettingKind;
import dev.turnout.llm.http.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The well-known models that come with the program. Prices change: whoever takes one has to look at
 * the maker's list.
 *
 * @param date year and month of the data, e.g. {@code 2025-11}
 * @param models in no particular order
 */
public record ModelCatalogue(String date, List<KnownModel> models) {

  private static final String RESOURCE = "/llm/catalogue.json";
  private static final SettingKind<Dialect> DIALECT = SettingKind.choice(Dialect.class);

  /** Copies the list. */
  public ModelCatalogue {
    models = List.copyOf(models);
  }

  /** The catalogue that comes with the program. */
  public static ModelCatalogue standard() {
    try (InputStream in =
        Objects.requireNonNull(ModelCatalogue.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      JsonNode json = new ObjectMapper().readTree(in);
      List<KnownModel> models = new ArrayList<>();
      json.path("models").forEach(model -> models.add(model(model)));
      return new ModelCatalogue(json.path("date").asText(), models);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE + " from the program's jar", e);
    }
  }

  private static KnownModel model(JsonNode json) {
    return new KnownModel(
        json.path("id").asText(),
        texts(json.path("aliases")),
        DIALECT.read(json.path("dialect").asText()),
        number(json, "inputUsdPerMillionTokens"),
        number(json, "outputUsdPerMillionTokens"),
        number(json, "cachedInputUsdPerMillionTokens"),
        json.path("contextWindow").asLong(),
        json.has("maxOutputTokens") ? json.path("maxOutputTokens").asLong() : null,
        texts(json.path("capabilities")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static @Nullable Double number(JsonNode json, String field) {
    return json.has(field) ? json.path(field).asDouble() : null;
  }

  /** The model of a name or alias, in any case. */
  public Optional<KnownModel> find(String name) {
    return models.stream()
        .filter(model -> names(model).anyMatch(name::equalsIgnoreCase))
        .findFirst();
  }

  private static Stream<String> names(KnownModel model) {
    return Stream.concat(Stream.of(model.id()), model.aliases().stream());
  }

  /** The ids of all. */
  public List<String> ids() {
    return models.stream().map(KnownModel::id).sorted().toList();
  }
}
