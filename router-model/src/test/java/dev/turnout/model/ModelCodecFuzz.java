package dev.turnout.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Any bytes as a router model: they read as one, or are refused in words. */
class ModelCodecFuzz {
  private static final byte[] MODEL = RandomModels.of(3, 4, 2, 7).toBytes();
  private static final int BYTES_OF_AN_EDIT = 3;

  /**
   * An even first byte: the rest is the model. An odd one: a good model in which each three bytes
   * of the rest write the third at the place that the two before it name, with the checksum of
   * whoever knows how to forge one.
   */
  @FuzzTest(maxDuration = "5m")
  void shouldReadOrRefuseAnyBytes(byte[] input) {
    if (input.length == 0) {
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(input, 1, input.length - 1).slice();
    byte[] bytes = input[0] % 2 == 0 ? copy(rest) : forged(rest);
    try {
      assertThat(RouterModel.fromBytes(bytes).llms()).isNotEmpty();
    } catch (ModelFormatException refused) {
      assertThat(refused).hasMessageMatching("(?s).*router model.*");
    }
  }

  private static byte[] copy(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return bytes;
  }

  private static byte[] forged(ByteBuffer edits) {
    byte[] bytes = MODEL.clone();
    int signed = bytes.length - Integer.BYTES;
    while (edits.remaining() >= BYTES_OF_AN_EDIT) {
      int place = Short.toUnsignedInt(edits.getShort()) % signed;
      bytes[place] = edits.get();
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, signed);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(signed, (int) crc.getValue());
    return bytes;
  }
}
