// Prints what Apache POI (HMEF) reads of a TNEF file, as lines of name, tab, value; octets as SHA-256.
import java.io.FileInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.poi.hmef.Attachment;
import org.apache.poi.hmef.HMEFMessage;
import org.apache.poi.hmef.attribute.MAPIAttribute;
import org.apache.poi.hmef.attribute.TNEFAttribute;

public class ReadTnef {
  public static void main(String[] arguments) throws Exception {
    HMEFMessage message = new HMEFMessage(new FileInputStream(arguments[0]));
    System.out.println("subject\t" + message.getSubject());
    for (TNEFAttribute attribute : message.getMessageAttributes()) {
      System.out.println("attribute\t" + attribute.getProperty().id);
    }
    for (MAPIAttribute attribute : message.getMessageMAPIAttributes()) {
      System.out.println("property\t" + attribute.getProperty().id);
    }
    for (Attachment attachment : message.getAttachments()) {
      byte[] contents = {};
      try {
        contents = attachment.getContents();
      } catch (IllegalArgumentException none) {
        // A message or object has no contents here.
      }
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(contents);
      System.out.println("attachment\t" + attachment.getLongFilename() + "\t" + HexFormat.of().formatHex(hash));
    }
  }
}
