package dev.turnout.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.encoder.EncoderId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingCacheTest {
  private static final EncoderId ENCODER = new EncoderId("test", "abc", 2);
  private static final List<String> TEXTS = List.of("a", "b");
  private static final EmbeddingCache.Entry ENTRY =
      new EmbeddingCache.Entry(new float[][] {{1, 0}, {0.6f, 0.8f}}, 1.5);

  @TempDir Path folder;

  @Test
  void shouldReturnWhatWasPut() {
    // given
    EmbeddingCache cache = EmbeddingCache.in(folder);
    cache.put(ENCODER, TEXTS, ENTRY);

    // when
    EmbeddingCache.Entry entry = cache.get(ENCODER, TEXTS).orElseThrow();

    // then
    assertThat(entry.vectors()).isDeepEqualTo(ENTRY.vectors());
    assertThat(entry.seconds()).isEqualTo(1.5);
  }

  @Test
  void shouldNotServeOtherTextsOrEncoders() {
    EmbeddingCache cache = EmbeddingCache.in(folder);
    cache.put(ENCODER, TEXTS, ENTRY);
    assertThat(cache.get(ENCODER, List.of("ab", ""))).isEmpty();
    assertThat(cache.get(ENCODER, List.of("b", "a"))).isEmpty();
    assertThat(cache.get(new EncoderId("test", "abd", 2), TEXTS)).isEmpty();
  }

  @Test
  void shouldEncodeAgainWhenTheFileIsDamaged() throws IOException {
    // given
    EmbeddingCache cache = EmbeddingCache.in(folder);
    cache.put(ENCODER, TEXTS, ENTRY);
    try (Stream<Path> files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 25));
    }

    // then
    assertThat(cache.get(ENCODER, TEXTS)).isEmpty();
  }

  @Test
  void shouldRememberNothingWithoutAFolder() {
    EmbeddingCache cache = EmbeddingCache.none();
    cache.put(ENCODER, TEXTS, ENTRY);
    assertThat(cache.get(ENCODER, TEXTS)).isEmpty();
  }
}
