package dev.turnout.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Any model reads back as it was; any other bytes are refused by a {@link ModelFormatException} and
 * by nothing else, even where a forger repairs the checksum.
 */
class ModelCodecProperties {
  private static final int HEADER_BEGINS = 12;

  @Provide
  Arbitrary<RouterModel> models() {
    Arbitrary<String> texts =
        Arbitraries.strings().withCharRange(' ', '\ud7ff').ofMinLength(1).ofMaxLength(12);
    return Combinators.combine(
            Combinators.combine(
                    Arbitraries.integers().between(1, 6),
                    Arbitraries.integers().between(1, 12),
                    Arbitraries.integers().between(1, 8),
                    Arbitraries.longs())
                .as(RandomModels::of),
            texts.filter(version -> !version.isBlank()),
            Arbitraries.maps(texts, texts).ofMaxSize(4),
            Arbitraries.of(true, false))
        .as(ModelCodecProperties::varied);
  }

  private static RouterModel varied(
      RouterModel model, String version, Map<String, String> report, boolean whole) {
    RouterModel named = model.withVersion(version).withReport(report);
    return whole
        ? named
        : unguarded(named).withCalibration(Calibration.shared(model.llms().size(), 2, -1));
  }

  private static RouterModel unguarded(RouterModel model) {
    return new RouterModel(
        model.version(),
        model.encoder(),
        model.llms(),
        model.features(),
        model.projection(),
        model.llmEmbeddings(),
        model.sphere(),
        model.temperature(),
        model.calibration(),
        null,
        model.report());
  }

  @Property(tries = 300)
  void shouldReadBackAnyModel(@ForAll("models") RouterModel model) {
    // when
    byte[] bytes = model.toBytes();
    RouterModel read = RouterModel.fromBytes(bytes);

    // then
    assertThat(read).isEqualTo(model);
    assertThat(read.toBytes()).isEqualTo(bytes);
  }

  @Property(tries = 200)
  void shouldRefuseAnyTruncation(
      @ForAll("models") RouterModel model, @ForAll @IntRange(min = 0, max = 9_999) int share) {
    byte[] bytes = model.toBytes();
    byte[] cut = Arrays.copyOf(bytes, (int) (bytes.length * (long) share / 10_000));

    assertThatThrownBy(() -> RouterModel.fromBytes(cut)).isInstanceOf(ModelFormatException.class);
  }

  @Property(tries = 200)
  void shouldRefuseAnyDamagedByte(
      @ForAll("models") RouterModel model,
      @ForAll @IntRange(min = 0, max = 9_999) int place,
      @ForAll @IntRange(min = 1, max = 255) int difference) {
    byte[] bytes = model.toBytes();
    bytes[(int) (bytes.length * (long) place / 10_000)] ^= (byte) difference;

    assertThatThrownBy(() -> RouterModel.fromBytes(bytes)).isInstanceOf(ModelFormatException.class);
  }

  @Property(tries = 800)
  void shouldRefuseOrReadWhatAForgerMade(
      @ForAll("models") RouterModel model,
      @ForAll @Size(min = 1, max = 4) int[] places,
      @ForAll byte value) {
    // given bytes of the header length, header or matrices changed, under a right checksum
    byte[] bytes = model.toBytes();
    int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    for (int i = 0; i < places.length; i++) {
      int among = i == 0 ? bytes.length - 12 : 4 + header;
      bytes[HEADER_BEGINS - 4 + Math.floorMod(places[i], among)] = value;
    }
    seal(bytes);

    // when, then
    requireReadOrRefused(bytes);
  }

  @Property(tries = 200)
  void shouldRefuseAnyHeader(@ForAll @Size(max = 200) byte[] header) {
    byte[] bytes = new byte[HEADER_BEGINS + header.length + 4];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("TRNM".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
        .putInt(1)
        .putInt(header.length)
        .put(header);
    seal(bytes);

    assertThatThrownBy(() -> RouterModel.fromBytes(bytes)).isInstanceOf(ModelFormatException.class);
  }

  private static void seal(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - 4, (int) crc.getValue());
  }

  private static void requireReadOrRefused(byte[] bytes) {
    try {
      assertThat(RouterModel.fromBytes(bytes).llms()).isNotEmpty();
    } catch (ModelFormatException refused) {
      assertThat(refused).hasMessageContaining("router model");
    }
  }
}
