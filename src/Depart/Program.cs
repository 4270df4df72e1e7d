Console.WriteLine("depart");
