package dev.turnout.encoder.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.minilm.MiniLm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherModelTest {
  /** Token states of one axis each: the id modulo 3 says which. */
  private static final String TOKEN_STATES =
      """
      class Tiny(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Tiny,
          ids: Tensor,
          mask: Tensor) -> Tensor:
          return torch.to(torch.one_hot(torch.remainder(ids, 3), 3), 6)
      """;

  /** Ready vectors, and a third input. */
  private static final String VECTORS =
      """
      class Tiny(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Tiny,
          ids: Tensor,
          mask: Tensor,
          segments: Tensor) -> Tensor:
          length = torch.unsqueeze(torch.to(torch.sum(mask, [1]), 6), 1)
          return torch.cat([length, length * 0. + 3.], 1)
      """;

  @TempDir Path folder;
  private Path tokenizer;

  @BeforeEach
  void writeTokenizer() throws IOException {
    tokenizer = folder.resolve("tokenizer.json");
    try (InputStream json = MiniLm.open(MiniLm.TOKENIZER)) {
      Files.copy(json, tokenizer);
    }
  }

  private QueryEncoder open(String source) throws IOException {
    Path model = folder.resolve("tiny.pt");
    Files.write(model, TorchScriptArchive.of("Tiny", source));
    return Encoders.open(
        EncoderSettings.builder()
            .device(Device.CPU)
            .threads(1)
            .model(model.toString(), tokenizer.toUri().toString())
            .build());
  }

  @Test
  void shouldAverageTheTokenStatesOfATorchScriptModel() throws IOException {
    try (QueryEncoder encoder = open(TOKEN_STATES)) {
      // when: [CLS]=101, the=1996, [SEP]=102, modulo 3: 2, 1, 0
      float[][] vectors = encoder.encode(List.of("the", "the the the the the"));

      // then
      assertThat(encoder.id().toString()).matches("tiny@[0-9a-f]{12}/3");
      float third = (float) (1 / Math.sqrt(3));
      assertThat(vectors[0]).containsExactly(new float[] {third, third, third}, within(1e-6f));
      float length = (float) Math.sqrt(27);
      assertThat(vectors[1])
          .containsExactly(new float[] {1 / length, 5 / length, 1 / length}, within(1e-6f));
    }
  }

  @Test
  void shouldTakeVectorsAsTheyComeAndPassSegmentsWhereTheyAreWanted() throws IOException {
    try (QueryEncoder encoder = open(VECTORS)) {
      float[][] vectors = encoder.encode(List.of("the the"));

      assertThat(vectors[0]).containsExactly(new float[] {0.8f, 0.6f}, within(1e-6f));
    }
  }

  @Test
  void shouldCutALongTextToHeadAndTailBetweenItsSpecialTokens() throws IOException {
    try (HuggingFaceTokens tokens =
        HuggingFaceTokens.open(tokenizer.toString(), new Fingerprint())) {
      String text = "the ".repeat(50) + "of of";

      assertThat(tokens.of(text, 10))
          .containsExactly(101, 1996, 1996, 1996, 1996, 1996, 1996, 1997, 1997, 102);
    }
  }

  @Test
  void shouldHaveAnotherIdentityWhenTheModelFileChanges() throws IOException {
    try (QueryEncoder one = open(TOKEN_STATES);
        QueryEncoder two = open(TOKEN_STATES.replace("to(", "to( "))) {
      assertThat(one.id()).isNotEqualTo(two.id());
    }
  }

  @Test
  void shouldNameTheModelThatCannotBeLoaded() throws IOException {
    Path model = folder.resolve("broken.pt");
    Files.writeString(model, "no archive");

    assertThatThrownBy(
            () ->
                Encoders.open(
                    EncoderSettings.builder()
                        .model(model.toString(), tokenizer.toString())
                        .build()))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("PyTorch cannot load")
        .hasMessageContaining("broken.pt");
  }

  @Test
  void shouldNameTheTokenizerThatCannotBeRead() {
    assertThatThrownBy(
            () ->
                Encoders.open(EncoderSettings.builder().model("/x/model.pt", "/x/t.json").build()))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("tokenizerUrl /x/t.json cannot be read");
  }
}
