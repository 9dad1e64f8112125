export interface Place {
  readonly city: string;
  readonly state: string;
  /** The first two digits of every GSTIN of the state. */
  readonly code: string;
  readonly pin: number;
}

export const PLACES: readonly Place[] = [
  { city: 'Jaipur', state: 'RAJASTHAN', code: '08', pin: 302001 },
  { city: 'Surat', state: 'GUJARAT', code: '24', pin: 395003 },
  { city: 'Madurai', state: 'TAMIL NADU', code: '33', pin: 625001 },
  { city: 'Mumbai', state: 'MAHARASHTRA', code: '27', pin: 400002 },
  { city: 'Pune', state: 'MAHARASHTRA', code: '27', pin: 411030 },
  { city: 'Delhi', state: 'DELHI', code: '07', pin: 110006 },
  { city: 'Kolkata', state: 'WEST BENGAL', code: '19', pin: 700007 },
  { city: 'Hyderabad', state: 'TELANGANA', code: '36', pin: 500002 },
  { city: 'Bengaluru', state: 'KARNATAKA', code: '29', pin: 560053 },
  { city: 'Kochi', state: 'KERALA', code: '32', pin: 682002 },
  { city: 'Ludhiana', state: 'PUNJAB', code: '03', pin: 141008 },
  { city: 'Lucknow', state: 'UTTAR PRADESH', code: '09', pin: 226003 },
  { city: 'Indore', state: 'MADHYA PRADESH', code: '23', pin: 452002 },
  { city: 'Bhubaneswar', state: 'ODISHA', code: '21', pin: 751001 },
  { city: 'Udaipur', state: 'RAJASTHAN', code: '08', pin: 313001 },
  { city: 'Rajkot', state: 'GUJARAT', code: '24', pin: 360001 },
];

export const STREETS = [
  'Bapu Bazaar', 'MG Road', 'Station Road', 'Gandhi Chowk', 'Nehru Marg', 'Temple Street', 'Sadar Bazaar', 'Ring Road', 'Clock Tower Road',
  'Cloth Market', 'Subhash Nagar', 'Lake View Road',
]; // prettier-ignore

export const GIVEN_NAMES = [
  'Aarti', 'Abdul', 'Ajay', 'Amrita', 'Anjali', 'Arjun', 'Deepa', 'Dinesh', 'Farhan', 'Gauri', 'Gurpreet', 'Harish', 'Imran', 'Jaya', 'Joseph',
  'Kavita', 'Kiran', 'Lakshmi', 'Mahesh', 'Manoj', 'Nandini', 'Neha', 'Omkar', 'Padma', 'Prakash', 'Rekha', 'Rohit', 'Sanjay', 'Shabana',
  'Sunita', 'Thomas', 'Uma', 'Vijay', 'Yamini',
]; // prettier-ignore

export const FAMILY_NAMES = [
  'Agarwal', 'Banerjee', 'Bhatt', 'Chauhan', 'Das', 'Desai', 'D’Souza', 'Fernandes', 'Gill', 'Iyer', 'Jain', 'Joshi', 'Kapoor', 'Khan', 'Kulkarni',
  'Mehta', 'Menon', 'Mishra', 'Nair', 'Patel', 'Pillai', 'Rathore', 'Reddy', 'Saxena', 'Shah', 'Sharma', 'Singh', 'Soni', 'Varma', 'Yadav',
]; // prettier-ignore

export const FIRM_NAMES = [
  'Shree Ganesh', 'Mahalaxmi', 'Annapurna', 'New Bharat', 'Sai Krupa', 'Royal', 'Himalaya', 'Kaveri', 'Saraswati', 'Pragati', 'Navjeevan', 'Al Madina',
  'Guru Nanak', 'St. Mary', 'Jai Ambe', 'Vinayak', 'Sunrise', 'Chandra', 'Meenakshi', 'Parvati', 'Ashoka', 'Triveni', 'Suvarna', 'Om Shanti',
]; // prettier-ignore

export const TRADES = [
  'Traders', 'Jewellers', 'Textiles', 'Stores', 'Enterprises', 'Sarees', 'Provision Store', 'Hardware', 'Electricals', 'Agencies', 'Emporium',
  'Distributors', '& Sons', 'Brothers',
]; // prettier-ignore

export interface Ware {
  readonly name: string;
  readonly hsn: string;
  /** Tax in ten-thousandths: 300 is 3 %. */
  readonly tax: number;
  readonly unit: string;
  /** Rupees for one unit, and how many units a line has. */
  readonly price: readonly [number, number];
  readonly quantity: readonly [number, number];
}

export const WARES: readonly Ware[] = [
  { name: 'Gold Ring 22K', hsn: '711319', tax: 300, unit: 'gms', price: [5800, 7400], quantity: [2, 14] },
  { name: 'Gold Bangle 22K', hsn: '711319', tax: 300, unit: 'gms', price: [5800, 7400], quantity: [8, 40] },
  { name: 'Silver Anklet', hsn: '711311', tax: 300, unit: 'gms', price: [72, 95], quantity: [20, 150] },
  { name: 'Kanjivaram Silk Saree', hsn: '500720', tax: 500, unit: 'pcs', price: [4500, 22000], quantity: [1, 4] },
  { name: 'Cotton Saree', hsn: '520811', tax: 500, unit: 'pcs', price: [450, 1800], quantity: [1, 12] },
  { name: 'Block Print Bedsheet', hsn: '630421', tax: 500, unit: 'set', price: [600, 1900], quantity: [1, 10] },
  { name: 'Basmati Rice', hsn: '100630', tax: 500, unit: 'kg', price: [85, 160], quantity: [5, 100] },
  { name: 'Turmeric Powder', hsn: '091030', tax: 500, unit: 'kg', price: [140, 260], quantity: [1, 25] },
  { name: 'Groundnut Oil', hsn: '150890', tax: 500, unit: 'ltr', price: [150, 210], quantity: [2, 60] },
  { name: 'Pressure Cooker', hsn: '732393', tax: 1200, unit: 'pcs', price: [1100, 2900], quantity: [1, 6] },
  { name: 'Notebook 200 Pages', hsn: '482020', tax: 1200, unit: 'dozen', price: [420, 720], quantity: [1, 20] },
  { name: 'Ceiling Fan', hsn: '841451', tax: 1800, unit: 'nos', price: [1500, 3600], quantity: [1, 8] },
  { name: 'LED Bulb 9 W', hsn: '853952', tax: 1800, unit: 'nos', price: [70, 140], quantity: [4, 80] },
  { name: 'Copper Wire 1.5 mm', hsn: '854411', tax: 1800, unit: 'mtr', price: [16, 32], quantity: [30, 400] },
  { name: 'Portland Cement', hsn: '252329', tax: 2800, unit: 'kg', price: [7, 10], quantity: [50, 2000] },
];

export const WARE_GRADES = ['', ' Premium', ' Classic', ' Export Quality', ' Economy', ' Festival Pack', ' Handmade'];
